//! Pasting an image or text into a workspace: it becomes a file there that belongs to the workspace's user,
//! because that user's own shell writes it.
//!
//! Deliberately not here: reading the clipboard. That is the window's.

mod kind;

use backend_api::ExecRequest;
use bytes::Bytes;
use model::{ErrorCode, Failure, PasteKind, Pasted, TimestampMs, WorkspaceRef};
use time::OffsetDateTime;

use crate::Core;

/// The largest image and the largest text.
const MOST_IMAGE: usize = 10 * 1024 * 1024;
const MOST_TEXT: usize = 2 * 1024 * 1024;
/// Writes what comes in as file `$1` of the folder for pasted things, takes away what lies there for a week,
/// and prints the file's size and path.
const WRITE: &str = r#"umask 077
folder="${XDG_CACHE_HOME:-$HOME/.cache}/moorline/pasted"
mkdir -p "$folder" || exit 1
find "$folder" -type f -mtime +7 -exec rm -f {} + 2>/dev/null
cat >"$folder/.$1" && mv -f "$folder/.$1" "$folder/$1" || { rm -f "$folder/.$1"; exit 1; }
wc -c <"$folder/$1"
printf '%s' "$folder/$1""#;

impl Core {
    /// Makes a file of what was pasted, and says where.
    ///
    /// # Errors
    /// `Invalid` when it is empty, too large or not of its kind (`Failure::field` is "data"), `Conflict` when
    /// the workspace does not run, `Unsupported` when programs cannot be run in it, `Rejected` when it cannot
    /// be written there.
    pub async fn workspace_paste(
        &self,
        workspace: &WorkspaceRef,
        kind: PasteKind,
        data: Bytes,
    ) -> Result<Pasted, Failure> {
        let ending = check(kind, &data)?;
        let (row, _) = self.shared.workspace(workspace).await?;
        let live = self.shared.live(&workspace.connection_id).await?;
        let exec = live.session.exec().ok_or_else(|| live.cannot("run programs"))?;
        let size = data.len();
        let name = file_name(self.shared.now(), ending);
        let argv = ["sh", "-c", WRITE, "sh", &name].map(str::to_owned).to_vec();
        let request = ExecRequest { argv, user: None, stdin: Some(data) };
        let cx = live.cx();
        let output = live.call(exec.run(&workspace.workspace_id, request, &cx)).await?;
        let refused = || {
            Failure::new(ErrorCode::Rejected, format!("{} does not take the file", row.name))
                .with_hint("Check that the workspace's user has a home folder with free space.")
                .with_detail(String::from_utf8_lossy(&output.stderr).trim().to_owned())
        };
        if output.exit_code != Some(0) {
            return Err(refused());
        }
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let (written, path) = printed.split_once('\n').ok_or_else(refused)?;
        let is_whole = written.trim() == size.to_string();
        let is_path = path.starts_with('/') && !path.chars().any(char::is_control);
        if !is_whole || !is_path {
            return Err(refused());
        }
        Ok(Pasted { path: path.to_owned(), bytes: size as u64 })
    }
}

/// The ending of its file.
fn check(kind: PasteKind, data: &[u8]) -> Result<&'static str, Failure> {
    let invalid = |message: String, hint: &str| {
        Err(Failure::new(ErrorCode::Invalid, message).with_hint(hint).with_field("data"))
    };
    let (most, what) = match kind {
        PasteKind::Image => (MOST_IMAGE, "image"),
        PasteKind::Text => (MOST_TEXT, "text"),
    };
    if data.is_empty() {
        return invalid(format!("the {what} is empty"), "Copy something, then paste again.");
    }
    if data.len() > most {
        let (size, most) = (data.len().div_ceil(1024 * 1024), most / (1024 * 1024));
        return invalid(
            format!("the {what} has {size} MiB, and {most} MiB can be pasted"),
            "Copy a smaller part, or send the file with scp.",
        );
    }
    match (kind, kind::image_ending(data)) {
        (PasteKind::Image, Some(ending)) => Ok(ending),
        (PasteKind::Image, None) => invalid(
            "what was copied is no image that Moorline knows".into(),
            "Copy it as PNG, JPEG, GIF, WebP or BMP.",
        ),
        (PasteKind::Text, _) if std::str::from_utf8(data).is_ok() => Ok("txt"),
        (PasteKind::Text, _) => {
            invalid("the text is not UTF-8".into(), "Copy it from a program that gives plain text.")
        }
    }
}

/// A name that sorts by time and holds nothing but letters, digits, dashes and a dot.
fn file_name(now: TimestampMs, ending: &str) -> String {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(now) * 1_000_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    format!(
        "clipboard-{:04}{:02}{:02}-{:02}{:02}{:02}-{:03}.{ending}",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_will_not_do_is_refused_with_its_reason() {
        let refused = |kind, data: &[u8]| check(kind, data).unwrap_err().message;
        assert_eq!(refused(PasteKind::Text, b""), "the text is empty");
        assert_eq!(refused(PasteKind::Text, b"\xff\xfe"), "the text is not UTF-8");
        let large = vec![b'a'; MOST_TEXT + 1];
        let message = refused(PasteKind::Text, &large);
        assert_eq!(message, "the text has 3 MiB, and 2 MiB can be pasted");
        let message = refused(PasteKind::Image, b"<svg onload=...>");
        assert_eq!(message, "what was copied is no image that Moorline knows");
        assert_eq!(check(PasteKind::Image, b"\x89PNG\r\n\x1a\n").unwrap(), "png");
    }

    #[test]
    fn names_sort_by_time() {
        assert_eq!(file_name(1_795_268_321_007, "png"), "clipboard-20261121-133841-007.png");
    }
}
