"""Make `embedding.bin` from installed packages alone: token vectors of the teacher, then a fit to its sentence vectors.

    python train.py SCRATCH_FOLDER OUTPUT.bin [--dim 256]

1. Each word piece is sent through the teacher alone; the vectors are rotated to `dim` axes and weighted a / (a + p), p from
   the rank of the piece (Zipf).
2. The teacher encodes every sentence of `corpus.py`. Its vectors, centred and rotated to `dim` axes, are the targets.
3. The rows are fitted by Adam so that the normalised sum over a sentence's pieces points where the teacher points, and so
   that cosines between the sentences of a block agree with the teacher's; half of the blocks hold sentences that are
   alike, where small differences decide. Pieces are dropped at random; rows are held near their start, so that rare
   pieces stay put. Held-out sentences decide when to stop.

Seeded; threads are fixed at two. Encoding is the long part and is kept in the scratch folder.
"""

import argparse
import collections
import hashlib
import pathlib

import numpy as np
import torch

import corpus
import table
import teacher

SEED = 7
# Chosen; few alternatives were tried. Past 160,000 sentences the figures of the model card moved by 0.002 at most.
SIF = 1e-3
N_SENTENCES = 370_000
MAX_PIECES = 64
N_HELD_OUT = 20_000
BATCH = 4096
BLOCK = 512
N_ANCHORS = 350
N_EPOCHS = 6
RATE = 3e-3
DROP = 0.15
RELATIONAL = 8.0
HOLD = 0.01
HOLD_EVERY = 10


def rotation(vectors, dim):
    """Mean and the `dim` main axes of the rows, signs fixed."""
    mean = vectors.mean(0, dtype="f8")
    centred = vectors - mean
    _, axes = np.linalg.eigh(centred.T.astype("f8") @ centred / len(vectors))
    axes = axes[:, ::-1][:, :dim]
    axes *= np.sign(axes[np.abs(axes).argmax(0), np.arange(dim)])
    return mean.astype("f4"), axes.astype("f4")


def zipf_weights(tokens):
    """a / (a + p) with p by rank; single characters stand first in the vocabulary and are ranked last."""
    rank = np.argsort(np.argsort([(len(t) == 1) * len(tokens) + i for i, t in enumerate(tokens)])) + 1
    p = 1 / rank / (1 / rank).sum()
    return SIF / (SIF + p)


def kin(vectors, anchors):
    """For each vector the number of the anchor nearest to it."""
    return np.concatenate([(vectors[at : at + 8192] @ anchors.T).argmax(1) for at in range(0, len(vectors), 8192)])


def fit(rows, bags, targets, held_bags, held_targets, log=print):
    """Rows fitted to the targets. `bags` are lists of row numbers; targets are unit vectors."""
    torch.manual_seed(SEED)
    order = np.random.default_rng(SEED)
    start, dim = torch.tensor(rows), rows.shape[1]
    weight = torch.nn.Parameter(start.clone())
    optimiser = torch.optim.Adam([weight], lr=RATE, betas=(0.9, 0.99), fused=True)
    n_steps = N_EPOCHS * (len(bags) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=n_steps, pct_start=0.1)
    flat = np.concatenate(bags)
    ends = np.cumsum([0] + [len(b) for b in bags])
    lengths = np.diff(ends)

    def forward(pieces, offsets, drop):
        keep = (torch.rand(len(pieces)) >= drop).float() if drop else None
        summed = torch.nn.functional.embedding_bag(pieces, weight, offsets, mode="sum", per_sample_weights=keep)
        return torch.nn.functional.normalize(summed, dim=1)

    def held_out():
        with torch.inference_mode():
            pieces = torch.tensor(np.concatenate(held_bags))
            offsets = torch.tensor(np.cumsum([0] + [len(b) for b in held_bags[:-1]]))
            guess, want = forward(pieces, offsets, 0), torch.tensor(held_targets)
            near = slice(0, 4000)
            gap = (guess[near] @ guess[near].T - want[near] @ want[near].T).square().mean().sqrt()
            return (guess * want).sum(1).mean().item(), gap.item()

    best, best_rows = held_out()[0], weight.detach().clone()
    log(f"start: held-out cosine {best:.4f}")
    for epoch in range(N_EPOCHS):
        shuffled = order.permutation(len(bags))[: len(bags) // BATCH * BATCH]
        near = shuffled[: len(shuffled) // BLOCK // 2 * BLOCK]
        near[:] = near[np.argsort(kin(targets[near], targets[near[:N_ANCHORS]]), kind="stable")]
        blocks = order.permutation(shuffled.reshape(-1, BLOCK))
        for step, chosen in enumerate(blocks.reshape(-1, BATCH)):
            n = lengths[chosen]
            offsets = np.cumsum(n) - n
            at = np.repeat(ends[chosen] - offsets, n) + np.arange(n.sum())
            guess = forward(torch.tensor(flat[at]), torch.tensor(offsets), DROP)
            want = torch.tensor(targets[chosen], dtype=torch.float32)
            loss = (1 - (guess * want).sum(1)).mean()
            mine, theirs = guess.view(-1, BLOCK, dim), want.view(-1, BLOCK, dim)
            loss = loss + RELATIONAL * (mine @ mine.mT - theirs @ theirs.mT).square().mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            if step % HOLD_EVERY == 0:
                with torch.no_grad():
                    weight.lerp_(start, HOLD * schedule.get_last_lr()[0] / RATE)
        cosine, gap = held_out()
        log(f"epoch {epoch + 1}: held-out cosine {cosine:.4f}, root mean square gap of cosines {gap:.4f}")
        if cosine <= best:
            break
        best, best_rows = cosine, weight.detach().clone()
    return best_rows.numpy()


def main():
    """Run the whole recipe."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("scratch", type=pathlib.Path)
    arguments.add_argument("output", type=pathlib.Path)
    arguments.add_argument("--dim", type=int, default=256)
    given = arguments.parse_args()
    torch.set_num_threads(2)

    pairs = corpus.load()[:N_SENTENCES]
    texts = [text for _, text in pairs]
    counts = collections.Counter(name for name, _ in pairs)
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    print(f"{len(texts)} sentences, sha256 {digest}: {dict(sorted(counts.items()))}")

    everything = teacher.vocabulary()
    kept = [i for i, t in enumerate(everything) if teacher.is_piece(t)]
    tokens = [everything[i] for i in kept]
    row_of = {i: row for row, i in enumerate(kept)}
    encodings = table.tokenizer(everything).encode_batch(texts, add_special_tokens=False)
    sequences = [e.ids[:MAX_PIECES] for e in encodings]
    bags = [np.array([row_of[i] for i in s if i in row_of], dtype=np.int64) for s in sequences]

    pieces = teacher.encode_all([[i] for i in kept], given.scratch / "pieces")
    vectors = teacher.encode_all(sequences, given.scratch / f"sentences-{digest[:12]}")
    mean, axes = rotation(vectors.astype("f4"), given.dim)
    targets = table.normalise((vectors.astype("f4") - mean) @ axes)
    rows = (pieces.astype("f4") - pieces.mean(0, dtype="f4")) @ axes * zipf_weights(tokens)[:, None]
    rows = fit(rows.astype("f4"), bags[N_HELD_OUT:], targets[N_HELD_OUT:], bags[:N_HELD_OUT], targets[:N_HELD_OUT])
    recipe = {
        "teacher": "all-MiniLM-L6-v2, int8 weights",
        "teacher_sha256": teacher.MODEL_SHA256,
        "sentences": len(texts),
        "sentences_sha256": digest,
        "seed": SEED,
    }
    print("sha256", table.write(given.output, f"throughline-static-en-{given.dim}-v1", tokens, rows, recipe))


if __name__ == "__main__":
    main()
