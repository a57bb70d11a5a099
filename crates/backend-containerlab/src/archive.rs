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

/// The request that deploys these files; `is_anew` takes down what is there first.
pub(crate) async fn call(
    lab: &str,
    prepared: &Prepared,
    is_anew: bool,
) -> Result<Call, BackendError> {
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
    let how = if is_anew { "&reconfigure=true" } else { "" };
    let path = format!("api/v1/labs/archive?labName={}{how}", escape(lab));
    Ok(Call::post(path).body(KIND, Bytes::from(form)))
}

async fn packed(prepared: &Prepared) -> Result<Vec<u8>, BackendError> {
    let failed = |detail: String| {
        BackendError::invalid("the files of the lab cannot be put into an archive")
            .with_detail(detail)
    };
    let mut files = Vec::new();
    for (path, sent) in &prepared.files {
        let mode = if sent.is_executable { 0o755 } else { 0o644 };
        files.push((path.clone(), mode, prepared.read(path).await?));
    }
    // Up to 256 MiB take seconds, and everything else waits for this thread.
    let packed = tokio::task::spawn_blocking(move || written(&files)).await;
    packed.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
}

fn written(files: &[(String, u32, Bytes)]) -> std::io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, mode, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(*mode);
        // Refuses a path that leads out.
        archive.append_data(&mut header, path, content.as_ref())?;
    }
    archive.into_inner().and_then(GzEncoder::finish)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read;

    use flate2::read::GzDecoder;
    use proptest::prelude::*;
    use testkit::labs::MemoryFiles;

    use super::packed;
    use crate::material::prepare;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn files_are_packed_where_they_are_and_nothing_leads_out(
            files in proptest::collection::btree_map(
                proptest::collection::vec("(\\.\\.|\\.|[a-zä ]{1,40}|)", 1..6), "[a-z]{0,20}", 0..6,
            ),
        ) {
            let files: BTreeMap<String, String> =
                files.into_iter().map(|(parts, text)| (parts.join("/"), text)).collect();
            let mut all = vec![("lab.yml", "topology: {nodes: {}}")];
            all.extend(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
            let material = MemoryFiles::material(&all);
            let Ok(prepared) = prepare("pair", &material) else { return Ok(()) };
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let bytes = runtime.block_on(packed(&prepared)).unwrap();
            let mut archive = tar::Archive::new(GzDecoder::new(bytes.as_slice()));
            let mut found = BTreeMap::new();
            for entry in archive.entries().unwrap() {
                let mut entry = entry.unwrap();
                let path = entry.path().unwrap().to_str().unwrap().to_owned();
                prop_assert!(path.split('/').all(|part| !["", ".", ".."].contains(&part)), "{}", path);
                let mut text = String::new();
                entry.read_to_string(&mut text).unwrap();
                found.insert(path, text);
            }
            found.remove("pair.clab.yml");
            prop_assert_eq!(found, files);
        }
    }
}
