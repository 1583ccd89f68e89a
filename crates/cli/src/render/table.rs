//! Plain tables: columns as wide as their content, numbers to the right, the widest text column cut to fit.

use super::Style;

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Lays out rows under a header, at most `width` characters wide; the column that is longest gives way.
pub(crate) fn lay_out(header: &[(&str, Align)], rows: &[Vec<String>], width: usize, style: Style) -> Vec<String> {
    let mut widths: Vec<usize> = header.iter().map(|(name, _)| name.chars().count()).collect();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            widths[column] = widths[column].max(cell.chars().count());
        }
    }
    let gaps = 2 * header.len().saturating_sub(1);
    let total: usize = widths.iter().sum::<usize>() + gaps;
    if let Some(widest) = (0..widths.len()).max_by_key(|&i| widths[i])
        && total > width
    {
        widths[widest] = widths[widest].saturating_sub(total - width).max(12);
    }
    let line = |cells: Vec<String>| {
        let set = cells.iter().enumerate().map(|(i, cell)| fit(cell, widths[i], header[i].1));
        set.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![style.dim(&line(header.iter().map(|(name, _)| (*name).to_owned()).collect()))];
    lines.extend(rows.iter().map(|row| line(row.clone())));
    lines
}

fn fit(text: &str, width: usize, align: Align) -> String {
    let n = text.chars().count();
    if n > width {
        let cut: String = text.chars().take(width.saturating_sub(1)).collect();
        return format!("{}…", cut.trim_end());
    }
    let pad = " ".repeat(width - n);
    match align {
        Align::Left => format!("{text}{pad}"),
        Align::Right => format!("{pad}{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_column_gives_way() {
        let header = [("n", Align::Right), ("label", Align::Left)];
        let rows =
            vec![vec!["1".into(), "a very long label that does not fit".into()], vec!["10".into(), "short".into()]];
        let lines = lay_out(&header, &rows, 24, Style { is_rich: false });
        assert_eq!(lines, [" n  label", " 1  a very long label t…", "10  short"]);
    }
}
