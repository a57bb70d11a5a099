//! Words of a POSIX shell's command line: splitting one that was pasted, quoting one that is offered.

/// Splits into words. Nothing is replaced: there are no variables and no patterns here.
///
/// # Errors
/// A sentence about what no single command has.
pub(super) fn split(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => until_quote(&mut chars, word.get_or_insert_default())?,
            '"' => until_double_quote(&mut chars, word.get_or_insert_default())?,
            // A line that goes on below is one line.
            '\\' if chars.next_if_eq(&'\n').is_some() => {}
            '\\' => {
                let taken = chars.next().ok_or("there is nothing behind the last backslash")?;
                word.get_or_insert_default().push(taken);
            }
            '#' if word.is_none() => break,
            '&' if word.is_none() && chars.clone().all(char::is_whitespace) => break,
            '|' | '&' | ';' | '<' | '>' | '$' | '`' | '(' | ')' => {
                return Err(format!("\"{c}\" is for a shell: paste the ssh command alone"));
            }
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

fn until_quote(chars: &mut impl Iterator<Item = char>, word: &mut String) -> Result<(), String> {
    loop {
        match chars.next().ok_or("a quote is not closed")? {
            '\'' => return Ok(()),
            c => word.push(c),
        }
    }
}

fn until_double_quote(
    chars: &mut impl Iterator<Item = char>,
    word: &mut String,
) -> Result<(), String> {
    loop {
        match chars.next().ok_or("a quote is not closed")? {
            '"' => return Ok(()),
            '\\' => match chars.next().ok_or("a quote is not closed")? {
                c @ ('"' | '\\' | '$' | '`') => word.push(c),
                '\n' => {}
                c => word.extend(['\\', c]),
            },
            c @ ('$' | '`') => {
                return Err(format!("\"{c}\" is for a shell: paste what it stands for"));
            }
            c => word.push(c),
        }
    }
}

/// One word, quoted so that a POSIX shell passes on exactly this.
pub(in crate::tunnel) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
