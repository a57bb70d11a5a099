//! The dev image that comes with Moorline. What is in it, stands in the files of `dev-image/`.

/// The recipe.
pub(super) const CONTAINERFILE: &str = include_str!("dev-image/Containerfile");

/// Everything that its build is sent.
pub(super) fn files() -> Vec<(String, String)> {
    [
        ("Containerfile", CONTAINERFILE),
        ("packages.sh", include_str!("dev-image/packages.sh")),
        ("code-server.sh", include_str!("dev-image/code-server.sh")),
        ("user.sh", include_str!("dev-image/user.sh")),
        ("start.sh", include_str!("dev-image/start.sh")),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .to_vec()
}
