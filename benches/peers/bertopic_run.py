"""Groups the texts of a CSV file with BERTopic's defaults and prints what it cost, as JSON.

    python bertopic_run.py TEXTS.csv OUT.csv

OUT.csv has the columns external_id and insight_id, empty where BERTopic calls a text an outlier. Processor time is of all
threads, without the time to import the libraries.
"""
import csv
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "embedding"))

import teacher  # noqa: E402
from bertopic import BERTopic  # noqa: E402
from bertopic.backend import BaseEmbedder  # noqa: E402
from tokenizers import BertWordPieceTokenizer  # noqa: E402


class Given(BaseEmbedder):
    """The encoder in the shape that BERTopic asks for."""

    def __init__(self):
        super().__init__()
        self.teacher = teacher.Teacher()
        self.cut = BertWordPieceTokenizer(vocab={piece: i for i, piece in enumerate(teacher.vocabulary())}, lowercase=True)

    def embed(self, documents, verbose=False):
        pieces = self.cut.encode_batch(list(documents), add_special_tokens=False)
        return self.teacher.encode([piece.ids[:254] for piece in pieces])


def main():
    source, to = sys.argv[1:]
    csv.field_size_limit(10**9)
    rows = list(csv.DictReader(open(source, newline="", encoding="utf-8")))
    texts = [row["text"] for row in rows]
    embedder = Given()
    start = time.process_time()
    vectors = embedder.embed(texts)
    embedded = time.process_time()
    topics, _ = BERTopic(embedding_model=embedder).fit_transform(texts, vectors)
    done = time.process_time()
    with open(to, "w", newline="", encoding="utf-8") as out:
        write = csv.writer(out)
        write.writerow(["external_id", "insight_id"])
        write.writerows([row["id"], "" if topic < 0 else topic] for row, topic in zip(rows, topics))
    print(json.dumps({"embed_cpu": embedded - start, "fit_cpu": done - embedded, "n_topics": len(set(topics) - {-1})}))


main()
