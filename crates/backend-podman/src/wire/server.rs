//! The server itself: its size, images and volumes, and what it made.

use std::collections::BTreeMap;

use serde::Deserialize;

wire! {
    /// One image of `images/json`.
    Image {
        id: String,
        repo_tags: Vec<String>,
        repo_digests: Vec<String>,
        names: Vec<String>,
        size: i64,
        created: i64,
        labels: BTreeMap<String, String>,
    }
}

wire! {
    /// `images/{name}/json`.
    ImageInspected {
        id: String,
        labels: BTreeMap<String, String>,
        config: ImageConfig,
        annotations: BTreeMap<String, String>,
        digest: String,
        #[serde(rename = "RootFS")]
        root_fs: RootFs,
        history: Vec<HistoryEntry>,
    }
}

wire! {
    RootFs {
        layers: Vec<String>,
    }
}

wire! {
    /// One instruction that an image was made by, oldest first.
    HistoryEntry {
        #[serde(rename = "empty_layer")]
        empty_layer: bool,
    }
}

wire! {
    /// One entry of `images/{name}/history`, newest first; the only place that has the sizes of layers.
    HistorySize {
        size: i64,
    }
}

wire! {
    /// What `DELETE images/{name}` did.
    Removed {
        deleted: Vec<String>,
        untagged: Vec<String>,
    }
}

wire! {
    ImageConfig {
        user: String,
        env: Vec<String>,
        cmd: Vec<String>,
        working_dir: String,
        entrypoint: Vec<String>,
        labels: BTreeMap<String, String>,
    }
}

wire! {
    /// `info`.
    Info {
        #[serde(rename = "host")]
        host: InfoHost,
        #[serde(rename = "store")]
        store: InfoStore,
        #[serde(rename = "version")]
        version: InfoVersion,
    }
}

wire! {
    InfoHost {
        #[serde(rename = "cpus")]
        cpus: u32,
        #[serde(rename = "memTotal")]
        mem_total: u64,
        #[serde(rename = "memFree")]
        mem_free: u64,
        #[serde(rename = "security")]
        security: InfoSecurity,
    }
}

wire! {
    InfoSecurity {
        #[serde(rename = "rootless")]
        rootless: bool,
    }
}

wire! {
    InfoStore {
        #[serde(rename = "graphRootAllocated")]
        allocated: u64,
        #[serde(rename = "graphRootUsed")]
        used: u64,
    }
}

wire! {
    InfoVersion {
        version: String,
    }
}

wire! {
    /// What `create` of a container, volume or exec session answers.
    Made {
        id: String,
        warnings: Vec<String>,
    }
}

wire! {
    Volume {
        name: String,
        created_at: String,
    }
}

wire! {
    /// `system/df`, as far as volumes go.
    DiskUse {
        volumes: Vec<VolumeSize>,
    }
}

wire! {
    VolumeSize {
        volume_name: String,
        size: i64,
    }
}
