//! Measures the passes on the labelled sets.
#![allow(
    clippy::all,
    clippy::pedantic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "wip"
)]
use std::collections::*;
use std::time::Instant;
use throughline_passes::cluster::{self, leiden, space};
use throughline_text::{Language, embed::Table, neighbour};

fn csv(path: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut rows = vec![];
    let mut row = vec![];
    let mut f = String::new();
    let mut q = false;
    let mut it = text.chars().peekable();
    while let Some(c) = it.next() {
        if q {
            if c == '"' {
                if it.peek() == Some(&'"') {
                    f.push('"');
                    it.next();
                } else {
                    q = false
                }
            } else {
                f.push(c)
            }
        } else {
            match c {
                '"' => q = true,
                ',' => row.push(std::mem::take(&mut f)),
                '\n' => {
                    row.push(std::mem::take(&mut f));
                    rows.push(std::mem::take(&mut row));
                }
                '\r' => {}
                c => f.push(c),
            }
        }
    }
    if !f.is_empty() || !row.is_empty() {
        row.push(f);
        rows.push(row);
    }
    rows.remove(0);
    rows
}
fn c2(n: f64) -> f64 {
    n * (n - 1.0) / 2.0
}
fn score(t: &[String], p: &[u32]) -> (f64, f64, usize) {
    let n = t.len() as f64;
    let mut ct: BTreeMap<(&str, u32), f64> = BTreeMap::new();
    let mut a: BTreeMap<&str, f64> = BTreeMap::new();
    let mut b: BTreeMap<u32, f64> = BTreeMap::new();
    for (t, &p) in t.iter().zip(p) {
        *ct.entry((t, p)).or_default() += 1.0;
        *a.entry(t).or_default() += 1.0;
        *b.entry(p).or_default() += 1.0;
    }
    let s: f64 = ct.values().map(|&v| c2(v)).sum();
    let sa: f64 = a.values().map(|&v| c2(v)).sum();
    let sb: f64 = b.values().map(|&v| c2(v)).sum();
    let e = sa * sb / c2(n);
    let ari = (s - e) / ((sa + sb) / 2.0 - e);
    let mi: f64 = ct.iter().map(|(k, v)| v / n * (v * n / (a[k.0] * b[&k.1])).ln()).sum();
    let h = |m: Vec<f64>| -> f64 { -m.iter().map(|v| v / n * (v / n).ln()).sum::<f64>() };
    let (ha, hb) = (h(a.values().copied().collect()), h(b.values().copied().collect()));
    (ari, 2.0 * mi / (ha + hb), b.len())
}
fn main() {
    let data = std::env::var("THROUGHLINE_DATA").unwrap_or("../shared/data".into());
    let mut st = space::Settings::default();
    let (mut ks, mut rs) = (vec![15usize], vec![1.0, 2.0, 3.0, 4.0]);
    let mut sets = vec!["banking77", "hwu64", "dstc11_insurance"];
    let args: Vec<String> = std::env::args().skip(1).collect();
    for a in &args {
        let (k, v) = a.split_once('=').unwrap();
        match k {
            "sa" => st.n_static_axes = v.parse().unwrap(),
            "sf" => st.static_flattening = v.parse().unwrap(),
            "la" => st.n_latent_axes = v.parse().unwrap(),
            "lf" => st.latent_flattening = v.parse().unwrap(),
            "lw" => st.latent_weight = v.parse().unwrap(),
            "k" => ks = v.split(',').map(|x| x.parse().unwrap()).collect(),
            "r" => rs = v.split(',').map(|x| x.parse().unwrap()).collect(),
            "set" => sets = v.split(',').collect(),
            _ => panic!(),
        }
    }
    let tb;
    let table = match std::env::var("TABLE") {
        Ok(p) => {
            tb = Table::from_bytes(&std::fs::read(p).unwrap()).unwrap();
            &tb
        }
        _ => Table::builtin(),
    };
    for set in sets {
        let (f, l) = if set == "rota" {
            ("rota.csv".into(), "rota_labels.csv".into())
        } else {
            (format!("{data}/{set}.csv"), format!("{data}/{set}_labels.csv"))
        };
        let rows = csv(&f);
        let lab: HashMap<String, String> = csv(&l).into_iter().map(|r| (r[0].clone(), r[1].clone())).collect();
        let mut rows: Vec<(u64, String, String)> = rows
            .into_iter()
            .map(|r| (throughline_text::signature::fingerprint(&r[0]), r[1].clone(), lab[&r[0]].clone()))
            .collect();
        rows.sort();
        let texts: Vec<(&str, Language)> = rows
            .iter()
            .map(|r| (r.1.as_str(), throughline_text::language::detect_or(&r.1, Language::English)))
            .collect();
        let truth: Vec<String> = rows.iter().map(|r| r.2.clone()).collect();
        let t = Instant::now();
        let sp = space::Space::build(table, &texts, st);
        let t1 = t.elapsed();
        let t = Instant::now();
        let v = sp.vectors(table, &texts);
        let t2 = t.elapsed();
        let t = Instant::now();
        let nb = neighbour::knn(&v.quantise(), *ks.iter().max().unwrap());
        let t3 = t.elapsed();
        let mut p10 = 0.0;
        for i in 0..rows.len() {
            p10 += nb.row(i).iter().take(10).filter(|x| truth[x.0 as usize] == truth[i]).count() as f64 / 10.0;
        }
        print!("{set:10} p10 {:.3} ", p10 / rows.len() as f64);
        let (mut t4, mut t5) = (0.0, 0.0);
        for &k in &ks {
            let t = Instant::now();
            let e = cluster::edges(&nb, k, 0.0);
            let g = leiden::Graph::new(rows.len(), &e);
            t4 += t.elapsed().as_secs_f64();
            for &r in &rs {
                let t = Instant::now();
                let p = leiden::leiden(&g, r);
                t5 += t.elapsed().as_secs_f64();
                let s = score(&truth, &p);
                print!(" {:.3}/{:.3}/{}", s.0, s.1, s.2);
            }
            print!(" |");
        }
        println!(
            " space {:.2} vec {:.2} knn {:.2} snn {:.2} leiden {:.2}",
            t1.as_secs_f64(),
            t2.as_secs_f64(),
            t3.as_secs_f64(),
            t4,
            t5
        );
    }
}
