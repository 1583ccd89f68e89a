"""Make `embedding.bin` from installed packages alone: token vectors of the teacher, then a fit to its sentence vectors.

    python train.py SCRATCH_FOLDER OUTPUT.bin [--dim 256]

1. Each word piece is sent through the teacher alone; the vectors are rotated to `dim` axes and weighted a / (a + p), p from
   the rank of the piece (Zipf).
2. The teacher encodes every sentence of `corpus.py`. Its vectors, centred and rotated to `dim` axes, are the targets.
3. The rows are fitted by Adam so that the normalised sum over a sentence's pieces points where the teacher points, that
   cosines between the sentences of a block agree with the teacher's, and that each sentence ranks the others of its block as
   the teacher does; half of the blocks hold sentences that are alike, where small differences decide. Pieces are dropped at
   random; rows are held near their start, so that rare pieces stay put.
   Translations of sentences are fitted to the vector of the English sentence (Reimers and Gurevych 2020).
4. Held-out sentences tell how far the rows got; they decide nothing.

Seeded; the fit uses one thread, so that sums have one order. Encoding is the long part and is kept in the scratch folder.
"""

import argparse
import hashlib
import pathlib

import numpy as np
import torch

import corpus
import table
import teacher

SEED = 7
# Chosen among few alternatives by how many of a held-out sentence's ten nearest are also the teacher's: see README.md.
SIF = 1e-3
MAX_PIECES = 64
N_HELD_OUT = 20_000
N_TRANSLATIONS = 75_000
N_JUDGED = 8_000
BATCH = 4096
BLOCK = 512
N_ANCHORS = 350
N_EPOCHS = 5
RATE = 3e-3
DROP = 0.05
RELATIONAL = 8.0
RANKING, TEMPERATURE = 0.5, 0.1
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


def embed(weight, bags, drop=0.0):
    """Unit vectors of bags of row numbers; each piece is left out with the probability `drop`."""
    lengths = np.array([len(b) for b in bags])
    pieces, starts = torch.from_numpy(np.concatenate(bags)), torch.from_numpy(np.cumsum(lengths) - lengths)
    keep = (torch.rand(len(pieces)) >= drop).float() if drop else None
    summed = torch.nn.functional.embedding_bag(pieces, weight, starts, mode="sum", per_sample_weights=keep)
    return torch.nn.functional.normalize(summed, dim=1)


def ranking_loss(mine, theirs):
    """How far each text's distribution over the others of its block is from the teacher's: cross-entropy of softmaxes."""
    itself = torch.eye(mine.shape[-1], dtype=torch.bool)
    guess = torch.log_softmax((mine / TEMPERATURE).masked_fill(itself, -1e4), -1)
    want = torch.softmax((theirs / TEMPERATURE).masked_fill(itself, -1e4), -1)
    return -(want * guess).sum(-1).mean()


def blocks_of(targets, order):
    """Numbers of all texts, shuffled into blocks; half of the blocks hold texts near one anchor."""
    shuffled = order.permutation(len(targets))[: len(targets) // BATCH * BATCH]
    near = shuffled[: len(shuffled) // BLOCK // 2 * BLOCK]
    near[:] = near[np.argsort(kin(targets[near], targets[near[:N_ANCHORS]]), kind="stable")]
    return order.permutation(shuffled.reshape(-1, BLOCK)).reshape(-1, BATCH)


def fit(rows, bags, targets, judge=lambda weight: ""):
    """Rows fitted to the targets. `bags` are arrays of row numbers; targets are unit vectors."""
    torch.manual_seed(SEED)
    order = np.random.default_rng(SEED)
    start, dim = torch.tensor(rows), rows.shape[1]
    weight = torch.nn.Parameter(start.clone())
    optimiser = torch.optim.Adam([weight], lr=RATE, betas=(0.9, 0.99), fused=True)
    n_steps = N_EPOCHS * (len(bags) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=n_steps, pct_start=0.1)
    print("start:", judge(weight), flush=True)
    for epoch in range(N_EPOCHS):
        for step, chosen in enumerate(blocks_of(targets, order)):
            guess, want = embed(weight, [bags[i] for i in chosen], DROP), torch.from_numpy(targets[chosen])
            loss = (1 - (guess * want).sum(1)).mean()
            mine, theirs = guess.view(-1, BLOCK, dim), want.view(-1, BLOCK, dim)
            mine, theirs = mine @ mine.mT, theirs @ theirs.mT
            loss = loss + RELATIONAL * (mine - theirs).square().mean() + RANKING * ranking_loss(mine, theirs)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            if step % HOLD_EVERY == 0:
                with torch.no_grad():
                    weight.lerp_(start, HOLD * schedule.get_last_lr()[0] / RATE)
        print(f"epoch {epoch + 1}:", judge(weight), flush=True)
    return weight.detach().numpy()


def nearest_ten(vectors):
    """Numbers of each row's ten nearest others, in no order."""
    cosine = vectors @ vectors.T
    np.fill_diagonal(cosine, -2)
    return np.argpartition(-cosine, 10, axis=1)[:, :10]


def held_out_judge(bags, targets, exact):
    """Agreement with the teacher on held-out sentences: cosine to the target, and common ones among the ten nearest."""
    wanted = nearest_ten(exact)

    def judge(weight):
        with torch.inference_mode():
            guess = embed(weight, bags).numpy()
        common = np.mean([len(np.intersect1d(a, b)) / 10 for a, b in zip(nearest_ten(guess[: len(exact)]), wanted)])
        return f"held-out cosine {(guess * targets).sum(1).mean():.4f}, of ten nearest {common:.4f} are the teacher's"

    return judge


def corpus_vectors(scratch, cut):
    """Sentences of all sources, their pieces' numbers and the teacher's vectors, in one shuffled order; and a digest."""
    texts, jobs, digests = [], {}, []
    for name, chosen in corpus.load(scratch):
        digest = hashlib.sha256("\n".join(chosen).encode()).hexdigest()
        print(f"{name}: {len(chosen)} sentences, sha256 {digest}", flush=True)
        digests.append(digest)
        texts += chosen
        jobs[scratch / digest[:12]] = [e.ids[:MAX_PIECES] for e in cut.encode_batch(chosen, add_special_tokens=False)]
    vectors = teacher.encode_all(jobs)
    sequences = [s for source in jobs.values() for s in source]
    order = np.random.default_rng(SEED).permutation(len(texts))
    return [texts[i] for i in order], [sequences[i] for i in order], vectors[order], hashlib.sha256("\n".join(digests).encode()).hexdigest()


def main():
    """Run the whole recipe."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("scratch", type=pathlib.Path)
    arguments.add_argument("output", type=pathlib.Path)
    arguments.add_argument("--dim", type=int, default=256)
    arguments.add_argument("--translations", type=int, default=N_TRANSLATIONS)
    given = arguments.parse_args()
    torch.set_num_threads(1)

    everything = teacher.vocabulary()
    kept = [i for i, t in enumerate(everything) if teacher.is_piece(t)]
    tokens = [everything[i] for i in kept]
    row_of = {i: row for row, i in enumerate(kept)}
    cut = table.tokenizer(everything)
    texts, sequences, vectors, digest = corpus_vectors(given.scratch, cut)
    print(f"{len(texts)} sentences, {N_HELD_OUT} of them held out; sha256 of the sources' checksums {digest}", flush=True)
    number_of = {text: i for i, text in enumerate(texts) if i >= N_HELD_OUT}
    pairs = corpus.load_translations(given.scratch, number_of)
    chosen = np.random.default_rng(SEED).permutation(len(pairs))[: given.translations]
    pairs = [pairs[i] for i in chosen]
    translated = [translation for _, translation in pairs]
    print(f"{len(pairs)} translations, sha256 {hashlib.sha256(chr(10).join(translated).encode()).hexdigest()}", flush=True)
    sequences += [e.ids[:MAX_PIECES] for e in cut.encode_batch(translated, add_special_tokens=False)]
    bags = [np.array([row_of[i] for i in s if i in row_of], dtype=np.int64) for s in sequences]

    exact = teacher.Teacher()
    pieces = exact.encode([[i] for i in kept])
    mean, axes = rotation(vectors, given.dim)
    targets = table.normalise((vectors - mean) @ axes)
    targets = np.vstack([targets, targets[[number_of[text] for text, _ in pairs]]])
    rows = ((pieces - pieces.mean(0)) @ axes * zipf_weights(tokens)[:, None]).astype("f4")
    judge = held_out_judge(bags[:N_HELD_OUT], targets[:N_HELD_OUT], exact.encode(sequences[:N_JUDGED]))
    rows = fit(rows, bags[N_HELD_OUT:], targets[N_HELD_OUT:], judge)
    recipe = {
        "teacher": "all-MiniLM-L6-v2, int8 weights",
        "teacher_sha256": teacher.MODEL_SHA256,
        "sentences": len(texts) - N_HELD_OUT,
        "sources_sha256": digest,
        "translations": len(pairs),
        "seed": SEED,
    }
    print("sha256", table.write(given.output, f"throughline-static-en-{given.dim}-v1", tokens, rows, recipe))


if __name__ == "__main__":
    main()
