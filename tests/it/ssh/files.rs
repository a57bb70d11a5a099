//! Files over SFTP: whole, in place of others, and many questions in the time of one.

use std::time::{Duration, Instant};

use backend_api::{BackendError, RemoteFiles};

use tests::sshd::{Sshd, SshdOptions};

use super::setup::{link, noise, run};

#[test]
fn files_are_written_read_listed_and_removed() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let files = link.open().await.unwrap();
        let folder = sshd.dir.join("some/folder").display().to_string();
        files.make_folder(&folder, 0o755).await.unwrap();
        files.make_folder(&folder, 0o755).await.unwrap();
        for size in [0, 1, 100_000, 1_000_000, 10_000_000] {
            let data = noise(size);
            let path = format!("{folder}/a b");
            files.write(&path, &data, 0o644).await.unwrap();
            assert_eq!(files.read(&path, 10_000_000).await.unwrap(), data, "{size}");
            assert_eq!(std::fs::read(&path).unwrap(), data);
        }
        let path = format!("{folder}/a b");
        let error = files.read(&path, 9_999_999).await.unwrap_err();
        assert!(matches!(error, BackendError::Rejected(_)), "{error:?}");
        std::fs::write(format!("{folder}/c"), "in the way").unwrap();
        files.rename(&path, &format!("{folder}/c")).await.unwrap();
        let entries = files.list(&folder).await.unwrap();
        assert_eq!(entries.len(), 1, "{entries:?}");
        assert_eq!((entries[0].name.as_str(), entries[0].size), ("c", 10_000_000));
        files.remove(&format!("{folder}/c")).await.unwrap();
        files.remove(&format!("{folder}/c")).await.unwrap();
        files.remove_folder(&folder).await.unwrap();
        files.remove_folder(&folder).await.unwrap();
        let error = files.read(&path, 1).await.unwrap_err();
        assert_eq!(error.to_string(), format!("cannot read {path} on hop-0: it is not there"));
        let home = files.home().await.unwrap();
        assert!(home.starts_with('/'), "{home}");
    });
}

#[test]
fn what_cannot_be_is_said_and_leaves_nothing() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let files = link.open().await.unwrap();
        let file = sshd.dir.join("file").display().to_string();
        files.write(&file, b"x", 0o600).await.unwrap();
        let error = files.make_folder(&format!("{file}/below"), 0o755).await.unwrap_err();
        assert!(!matches!(error, BackendError::Unreachable(_)), "{error:?}");
        let folder = sshd.dir.join("folder").display().to_string();
        files.make_folder(&folder, 0o755).await.unwrap();
        std::fs::create_dir(format!("{folder}/taken")).unwrap();
        files.write(&format!("{folder}/taken"), b"x", 0o600).await.unwrap_err();
        let left: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    });
}

#[test]
fn a_link_is_looked_at_and_removed_as_a_link() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let files = link.open().await.unwrap();
        let (to, name) = (sshd.dir.join("target"), sshd.dir.join("name"));
        std::fs::write(&to, "kept").unwrap();
        std::os::unix::fs::symlink(&to, &name).unwrap();
        let paths = [name.display().to_string(), to.display().to_string(), "/not/there".to_owned()];
        let found = files.stat(&paths).await.unwrap();
        assert!(found[0].as_ref().unwrap().is_link);
        assert!(!found[1].as_ref().unwrap().is_link && found[1].as_ref().unwrap().size == 4);
        assert!(found[2].is_none());
        files.remove(&paths[0]).await.unwrap();
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "kept");
    });
}

#[test]
fn five_hundred_files_are_looked_at_in_little_more_than_a_round_trip() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let files = link.open().await.unwrap();
        let paths: Vec<String> = (0..500)
            .map(|number| sshd.dir.join(format!("f{number}")).display().to_string())
            .collect();
        for path in &paths {
            std::fs::write(path, "x").unwrap();
        }
        let began = Instant::now();
        let found = files.stat(&paths).await.unwrap();
        assert!(found.iter().all(Option::is_some));
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    });
}
