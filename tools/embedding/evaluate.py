"""How well vectors group texts that people have labelled: neighbours that share the label, and clusters against labels.

    python evaluate.py DATA_FOLDER MEASURE.py TABLE.bin [TABLE.bin ...]

Prints one Markdown table: for each table alone, and with latent-semantic vectors of the set itself joined, and for the
teacher, the share of the ten nearest neighbours with the same label, and ARI and NMI of Leiden clusters at several
resolutions; then, for the last table, how it does in five languages on a few sentences of our own. The labelled sets are
read here alone; nothing is fitted on them.
"""

import csv
import importlib.util
import pathlib
import sys
import time

import igraph
import leidenalg
import numpy as np
import scipy.sparse
import scipy.sparse.linalg

import table

SETS = ("banking77", "hwu64", "dstc11_insurance")
N_NEIGHBOURS = 30
RESOLUTIONS = (2.0, 3.0, 4.0)
LATENT_DIM, LATENT_WEIGHT = 128, 0.3


def labelled(folder, name):
    """Texts and labels of a set, in the order of the texts."""
    read = lambda path: list(csv.DictReader(path.open(newline="", encoding="utf-8")))
    label = {row["id"]: row["label"] for row in read(folder / f"{name}_labels.csv")}
    rows = read(folder / f"{name}.csv")
    return [row["text"] for row in rows], [label[row["id"]] for row in rows]


def latent(texts, tokens, dim=LATENT_DIM):
    """Latent-semantic vectors of the texts themselves: (1 + ln tf) * idf over word pieces, truncated SVD, unit rows."""
    counts = table.bags(texts, tokens)
    document_count = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = document_count >= 2
    counts = counts[:, kept]
    counts.data = 1 + np.log(counts.data)
    weighted = counts @ scipy.sparse.diags_array(np.log((1 + len(texts)) / (1 + document_count[kept])))
    weighted = scipy.sparse.csr_matrix(scipy.sparse.diags_array(1 / np.maximum(scipy.sparse.linalg.norm(weighted, axis=1), 1e-9)) @ weighted)
    u, s, _ = scipy.sparse.linalg.svds(weighted, k=min(dim, min(weighted.shape) - 1), random_state=1)
    return table.normalise((u * s).astype("f4"))


def joined(static, semantic, weight=LATENT_WEIGHT):
    """One vector whose cosine is (1 - weight) * cosine of the first + weight * cosine of the second."""
    return np.hstack([np.sqrt(1 - weight) * static, np.sqrt(weight) * semantic])


def nearest(vectors, k=N_NEIGHBOURS):
    """Indices and cosines of each row's k nearest others, best first; equal cosines by index."""
    index, cosine = np.empty((len(vectors), k), int), np.empty((len(vectors), k), "f4")
    for at in range(0, len(vectors), 1024):
        block = vectors[at : at + 1024] @ vectors.T
        block[np.arange(len(block)), np.arange(at, at + len(block))] = -2
        found = np.argpartition(-block, k, axis=1)[:, :k]
        value = np.take_along_axis(block, found, 1)
        order = np.lexsort((found, -value))
        index[at : at + 1024], cosine[at : at + 1024] = np.take_along_axis(found, order, 1), np.take_along_axis(value, order, 1)
    return index, cosine


def shared_neighbour_graph(index):
    """Edges i-j where either is a neighbour of the other, weighted by the Jaccard share of their neighbourhoods."""
    n, k = index.shape
    member = scipy.sparse.csr_matrix((np.ones(n * (k + 1), "f4"), np.hstack([np.arange(n)[:, None], index]).ravel(), np.arange(0, n * (k + 1) + 1, k + 1)), shape=(n, n))
    linked = member.maximum(member.T).tocoo()
    once = linked.row < linked.col
    i, j = linked.row[once], linked.col[once]
    common = np.asarray(member[i].multiply(member[j]).sum(axis=1)).ravel()
    weight = common / (2 * (k + 1) - common)
    keep = weight > 0
    return igraph.Graph(n=n, edges=np.column_stack([i, j])[keep].tolist(), edge_attrs={"weight": weight[keep].tolist()})


def clusters(graph, resolution):
    """Leiden communities for modularity with a resolution."""
    kind = leidenalg.RBConfigurationVertexPartition
    return leidenalg.find_partition(graph, kind, weights="weight", resolution_parameter=resolution, n_iterations=3, seed=1).membership


def languages(tokens, rows):
    """For each language, the share of sentences whose nearest other one is on the same topic; then with English ones."""
    with (pathlib.Path(__file__).parent / "languages.tsv").open(encoding="utf-8", newline="") as lines:
        read = list(csv.DictReader(lines, delimiter="\t"))
    topic = np.array([row["topic"] for row in read])
    english = table.embed([row["en"] for row in read], tokens, rows)
    for language in ("en", "de", "fr", "es", "pt"):
        vectors = table.embed([row[language] for row in read], tokens, rows)
        alone = topic[nearest(vectors, 1)[0][:, 0]] == topic
        across = topic[(vectors @ english.T).argmax(1)] == topic
        print(f"| {language} | {alone.mean():.2f} | {across.mean():.2f} |" if language != "en" else f"| en | {alone.mean():.2f} | |")


def main():
    """Print the table of figures."""
    folder, measure_path, *paths = map(pathlib.Path, sys.argv[1:])
    spec = importlib.util.spec_from_file_location("measure", measure_path)
    measure = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(measure)
    print("| vectors | set | same label @10 |", " | ".join(f"ARI / NMI at {r}" for r in RESOLUTIONS), "| seconds |")
    print("|---|---|---|" + "---|" * (len(RESOLUTIONS) + 1))
    import teacher

    model = teacher.Teacher()
    cut = table.tokenizer(teacher.vocabulary())
    for name in SETS:
        texts, label = labelled(folder, name)
        label = np.array(label)
        known = {}
        for path in paths:
            _, tokens, rows = table.read(path)
            known[path.stem] = table.embed(texts, tokens, rows)
            known[f"{path.stem} + latent"] = joined(known[path.stem], latent(texts, tokens))
        known["teacher"] = model.encode([e.ids[:126] for e in cut.encode_batch(texts, add_special_tokens=False)])
        for what, vectors in known.items():
            start = time.process_time()
            index, _ = nearest(vectors)
            agreement = (label[index[:, :10]] == label[:, None]).mean()
            graph = shared_neighbour_graph(index)
            cells = []
            for resolution in RESOLUTIONS:
                ari, nmi, _ = measure.ari_nmi(label.tolist(), [f"c{c}" for c in clusters(graph, resolution)])
                cells.append(f"{ari:.3f} / {nmi:.3f}")
            print(f"| {what} | {name} | {agreement:.3f} |", " | ".join(cells), f"| {time.process_time() - start:.0f} |", flush=True)
    print("\n| language | nearest within the language | nearest among English |\n|---|---|---|")
    languages(*table.read(paths[-1])[1:])


if __name__ == "__main__":
    main()
