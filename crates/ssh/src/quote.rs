//! Arguments as one POSIX shell command line, because that is all an SSH exec request can carry.

use backend_api::BackendError;

/// Quotes a program and its arguments so that a POSIX shell passes on exactly these.
///
/// # Errors
/// `Invalid` for no program at all or a zero byte, which no argument can hold.
pub(crate) fn command_line(argv: &[&str]) -> Result<String, BackendError> {
    if argv.first().is_none_or(|program| program.is_empty()) {
        return Err(BackendError::invalid("there is no program to run")
            .with_hint("Name the program that is to run on the server."));
    }
    if let Some(argument) = argv.iter().find(|argument| argument.contains('\0')) {
        return Err(BackendError::invalid(format!("an argument holds a zero byte: {argument:?}"))
            .with_hint("Remove the zero byte."));
    }
    Ok(argv.iter().map(|argument| quoted(argument)).collect::<Vec<_>>().join(" "))
}

fn quoted(argument: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,".contains(c);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use proptest::prelude::*;

    use super::command_line;

    #[test]
    fn nothing_and_zero_bytes_are_refused() {
        assert!(command_line(&[]).is_err());
        assert!(command_line(&[""]).is_err());
        assert!(command_line(&["echo", "a\0b"]).is_err());
    }

    #[cfg(unix)]
    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_real_shell_passes_on_exactly_what_was_meant(
            arguments in prop::collection::vec("[^\0]{0,12}|[ '\"$`\\\\!*?~#&;|<>(){}\n\t=-]{0,8}", 0..4)
        ) {
            let mut argv = vec!["printf", "%s\\0", "first"];
            argv.extend(arguments.iter().map(String::as_str));
            let line = command_line(&argv).unwrap();
            let output = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
            let expected: String = argv[2..].iter().map(|argument| format!("{argument}\0")).collect();
            prop_assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
        }
    }
}
