//! One line of a configuration taken apart: a keyword and its arguments.

/// A line's keyword in lower case, its arguments, and everything behind the keyword as it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) keyword: String,
    pub(super) arguments: Vec<String>,
    pub(super) rest: String,
}

/// Takes a line apart; none when it is empty or a comment. An error says what is wrong with it.
pub(super) fn line(text: &str) -> Result<Option<Line>, &'static str> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return Ok(None);
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(text.len());
    let (keyword, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('=').unwrap_or(rest).trim();
    let arguments = split(rest)?;
    if keyword.is_empty() || arguments.is_empty() {
        return Err("nothing follows the keyword");
    }
    Ok(Some(Line { keyword: keyword.to_ascii_lowercase(), arguments, rest: rest.to_owned() }))
}

/// Arguments by OpenSSH's rules: quotes of both kinds, a few escapes, a comment to the end of the line.
pub(super) fn split(text: &str) -> Result<Vec<String>, &'static str> {
    let mut arguments = Vec::new();
    let mut chars = text.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        match chars.peek() {
            None | Some('#') => return Ok(arguments),
            Some(_) => {}
        }
        let mut argument = String::new();
        let mut quote = None;
        while let Some(c) = chars.next() {
            match (quote, c) {
                (None, c) if c.is_whitespace() => break,
                (None, '"' | '\'') => quote = Some(c),
                (Some(open), c) if c == open => quote = None,
                (_, '\\') => {
                    let escaped = chars.next_if(|next| {
                        matches!(next, '\\' | '"' | '\'') || (quote.is_none() && *next == ' ')
                    });
                    argument.push(escaped.unwrap_or('\\'));
                }
                (_, c) => argument.push(c),
            }
        }
        if quote.is_some() {
            return Err("a quote is not closed");
        }
        arguments.push(argument);
    }
}
