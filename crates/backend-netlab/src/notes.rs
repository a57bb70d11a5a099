//! What a person should know of servers of this kind.

pub(crate) const NOTES: &[&str] = &[
    "The server needs `netlab api` of netlab 26.1 or newer; with 26.1 only the list and the operations work, because it tells nothing of nodes. Skyforge's earlier wrapper of the same name is recognised and refused.",
    "Start it with `--auth-user` and `--auth-password` from a protected unit file, not with NETLAB_API_PASSWORD: netlab writes its environment into files that every user of the server can read. Moorline removes that password from all it shows or fetches.",
    "`netlab api` does one job at a time and mixes up its labs when it is asked for their state meanwhile. Moorline queues its own jobs, waits for those of others, and asks for states only in between; progress comes from netlab's own status file.",
    "netlab cannot end a job that runs. Cancelling works while the job waits; after that Moorline stops watching and the job goes on.",
    "Labs are told apart by netlab's multilab plugin: Moorline writes `topology-defaults.yml` with a free number into the folder of each lab, beside what the template has in its own.",
    "Stopping a lab removes its nodes, as `netlab down` does; what they held and was not collected is lost. Collecting needs Ansible on the server.",
    "A console goes from the SSH host into the node's container, which needs a login that may use Docker, or by `ssh` to its management address.",
];
