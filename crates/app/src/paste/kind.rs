//! Which kind of image some bytes are, by how they begin.

/// The usual ending of a file of this kind; none for anything that is not a known image.
pub(super) fn image_ending(data: &[u8]) -> Option<&'static str> {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    const JPEG: &[u8] = b"\xff\xd8\xff";
    if data.starts_with(PNG) {
        Some("png")
    } else if data.starts_with(JPEG) {
        Some("jpg")
    } else if data.starts_with(b"GIF87a") || data.starts_with(b"GIF89a") {
        Some("gif")
    } else if data.starts_with(b"RIFF") && data.get(8..12) == Some(b"WEBP") {
        Some("webp")
    } else if data.starts_with(b"BM") && data.len() > 26 {
        Some("bmp")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::image_ending;

    #[test]
    fn images_are_told_by_how_they_begin() {
        assert_eq!(image_ending(b"RIFF\0\0\0\0WEBPVP8 "), Some("webp"));
        assert_eq!(image_ending(b"RIFF\0\0\0\0WAVE"), None);
        assert_eq!(image_ending(b"GIF89a..."), Some("gif"));
        assert_eq!(image_ending(b"\xff\xd8\xff\xe0"), Some("jpg"));
        assert_eq!(image_ending(b"BM"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_upset_it(data in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = image_ending(&data);
        }
    }
}
