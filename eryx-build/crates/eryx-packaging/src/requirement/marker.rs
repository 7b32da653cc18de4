//! Bounds on markers, before they are read for good.

/// How deep brackets may be nested.
const MAX_DEPTH: usize = 16;
/// How many comparisons a marker may have.
const MAX_COMPARISONS: usize = 48;
/// How many comparisons may be of a kind that the size of a marker's normal form is exponential in:
/// each `in` and each extra is a variable of its own.
const MAX_FREE_COMPARISONS: usize = 20;

/// The variables that `~=` can compare: the others are no versions.
const VERSIONS: [&str; 3] = [
    "python_version",
    "python_full_version",
    "implementation_version",
];

/// Refuses a marker that is too large, or that has one of the comparisons which make the crate panic:
/// `~=` with what is no version, and local versions behind `in`.
pub(super) fn check(marker: &str) -> Result<(), String> {
    let mut depth = 0_usize;
    let mut comparisons = 0;
    let mut free = 0;
    let mut before = Token::Other;
    let mut variable = "";
    for token in Tokens(marker) {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Operator("~=") if !matches!(before, Token::Word(word) if VERSIONS.contains(&word)) =>
            {
                return Err(
                    "is not a requirement: `~=` in a marker must stand behind a variable that is a \
                     version, such as python_version"
                        .to_owned(),
                );
            }
            Token::Operator(_) => comparisons += 1,
            Token::Word("in") => {
                comparisons += 1;
                free += 1;
            }
            Token::Word("extra") => free += 1,
            Token::Word("not" | "and" | "or") => {}
            Token::Word(word) => variable = word,
            Token::Text(text)
                if before == Token::Word("in")
                    && VERSIONS.contains(&variable)
                    && text.contains('+') =>
            {
                return Err(
                    "is not a requirement: versions behind `in` in a marker cannot be local ones, \
                     with a `+`"
                        .to_owned(),
                );
            }
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(format!(
                "has brackets in its marker that are nested more than {MAX_DEPTH} deep"
            ));
        }
        before = token;
    }
    if comparisons > MAX_COMPARISONS || free > MAX_FREE_COMPARISONS {
        return Err(format!(
            "has a marker with more than {MAX_COMPARISONS} comparisons, or more than \
             {MAX_FREE_COMPARISONS} of them with `in` or extras"
        ));
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'text> {
    Open,
    Close,
    Operator(&'text str),
    Word(&'text str),
    Text(&'text str),
    Other,
}

/// The words of a marker. A marker is ASCII here.
struct Tokens<'text>(&'text str);

impl<'text> Iterator for Tokens<'text> {
    type Item = Token<'text>;

    fn next(&mut self) -> Option<Token<'text>> {
        let text = self.0.trim_start();
        let first = text.chars().next()?;
        let run = |belongs: fn(char) -> bool| text.find(|one| !belongs(one)).unwrap_or(text.len());
        let is_operator = |one| matches!(one, '<' | '>' | '=' | '~' | '!');
        let is_word = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '.');
        let length = match first {
            '\'' | '"' => {
                let inside = text.get(1..)?;
                inside.find(first).map_or(text.len(), |end| end + 2)
            }
            _ if is_operator(first) => run(is_operator),
            _ if is_word(first) => run(is_word),
            _ => first.len_utf8(),
        };
        let (token, rest) = text.split_at_checked(length)?;
        self.0 = rest;
        Some(match first {
            '(' => Token::Open,
            ')' => Token::Close,
            _ if is_operator(first) => Token::Operator(token),
            _ if is_word(first) => Token::Word(token),
            '\'' | '"' => Token::Text(token),
            _ => Token::Other,
        })
    }
}
