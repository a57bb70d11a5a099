//! A lab's files as one archive in a form, for the older server.

use backend_api::BackendError;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use https::Call;

use crate::api::escape;
use crate::material::Prepared;

/// The server takes no more, packed or not.
pub(crate) const MOST: u64 = 256 * 1024 * 1024;
const BOUNDARY: &str = "moorline-lab-archive-2f1c9d7e";
const KIND: &str = "multipart/form-data; boundary=moorline-lab-archive-2f1c9d7e";

/// The request that deploys these files.
pub(crate) async fn call(lab: &str, prepared: &Prepared<'_>) -> Result<Call, BackendError> {
    if prepared.bytes() > MOST {
        return Err(BackendError::invalid(format!(
            "the files of lab \"{lab}\" are more than 256 MiB"
        ))
        .with_hint("Leave out what no node needs, such as images."));
    }
    let packed = packed(prepared).await?;
    let mut form = Vec::with_capacity(packed.len() + 512);
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"labArchive\"; filename=\"{lab}.tar.gz\"\r\nContent-Type: application/gzip\r\n\r\n"
    );
    form.extend_from_slice(head.as_bytes());
    form.extend_from_slice(&packed);
    form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let path = format!("api/v1/labs/archive?labName={}", escape(lab));
    Ok(Call::post(path).body(KIND, Bytes::from(form)))
}

async fn packed(prepared: &Prepared<'_>) -> Result<Vec<u8>, BackendError> {
    let failed = |error: std::io::Error| {
        BackendError::invalid("the files of the lab cannot be put into an archive")
            .with_detail(error.to_string())
    };
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, sent) in &prepared.files {
        let content = prepared.read(path).await?;
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(if sent.is_executable { 0o755 } else { 0o644 });
        // Refuses a path that leads out.
        archive.append_data(&mut header, path, content.as_ref()).map_err(failed)?;
    }
    archive.into_inner().and_then(GzEncoder::finish).map_err(failed)
}
