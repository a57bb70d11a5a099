//! The data every other crate speaks: ids, connections, SSH hosts, workspaces, runs, forms, questions.
//!
//! Owns: the shape of data, its validation and its words. Deliberately not here: any I/O, any clock,
//! any async. Everything that crosses to the user interface derives `TS`; no type that holds a secret does.

mod adoption;
mod connection;
mod diagnosis;
mod editor;
mod failure;
mod form;
mod git;
mod id;
mod image;
mod import;
mod lab;
mod link;
mod log;
mod metrics;
mod notice;
mod paste;
mod plan;
mod question;
mod rebuild;
mod run;
mod secret;
mod server_setup;
mod settings;
mod shared_session;
mod ssh_config;
mod ssh_host;
mod support;
mod terminal;
mod transfer;
mod tunnel;
mod update;
mod volume;
mod workspace;

pub use adoption::{Adoption, AdoptionOffer, WorkspaceOrigin};
pub use connection::{
    Connection, ConnectionInput, ConnectionState, ConnectionView, Kind, ServerInfo, SshHostInput,
};
pub use diagnosis::{DiagnosedHop, Diagnosis, DiagnosisReport, Fix, KeyCopied, Stage, StageStatus};
pub use editor::{Editor, EditorView};
pub use failure::{ErrorCode, Failure};
pub use form::{Abilities, Choice, Descriptor, Field, FieldKind, FieldProblem, Form, FormValues};
pub use git::{
    GitChange, GitDirty, GitFile, GitHead, GitIdentity, GitLink, GitSide, GitSource, GitState,
};
pub use id::{
    ConnectionId, ForwardId, ImageId, LabId, LinkId, NoticeId, QuestionId, RunId, SshHostId,
    TemplateId, TerminalId, TimestampMs, TunnelId, WorkspaceId, WorkspaceRef,
};
pub use image::{
    BuildArgument, BuildFrom, BuildInput, Image, ImageBase, ImageUser, PruneList, PruneScope,
    ServerImages,
};
pub use import::{
    ImportFound, ImportHost, ImportItem, ImportKnown, ImportLeftOut, ImportPick, ImportSource,
    ImportTaken,
};
pub use lab::{
    AutoStop, Capture, CollectedFile, CollectedText, Collection, GraphLink, GraphLinkKind,
    GraphNode, Impairment, InterfaceRate, Lab, LabChanges, LabDetail, LabExecuted, LabFeatures,
    LabImage, LabInput, LabNode, LabOptions, LabOrigin, LabPage, LabPlan, LabRef, LabState,
    LabSync, LabTemplatePick, LabVerb, LabView, LinkEnd, NodeInterface, NodeState, NodeVerb,
    Position, Template, TemplateFile, TemplateIndex, TemplateInput, TemplatePreview,
    TemplateSource, TemplateTopology, TemplateVariable, TemplateView, TopologyGraph, TopologyKind,
};
pub use link::{LinkRequest, LinkTarget};
pub use log::{LogLevel, LogLine, LogStream};
pub use metrics::MetricSample;
pub use notice::{Notice, NoticeKind};
pub use paste::{PasteKind, Pasted};
pub use plan::{Plan, PlanStep};
pub use question::{
    CertificateQuestion, CertificateVerdict, HostKey, HostKeyQuestion, HostKeyVerdict, KnownKey,
    Prompt, Question, QuestionKind,
};
pub use rebuild::{ASIDE_SUFFIX, PlanChange, RebuildPlan};
pub use run::{Run, RunStatus, RunStep, RunSubject, StepProgress, StepStatus};
pub use secret::{Secret, SecretRef};
pub use server_setup::{ServerSetup, SetupPlan};
pub use settings::{ColorScheme, Density, Settings};
pub use shared_session::{Attachment, SessionProgram, SharedSession, SharedSessions};
pub use ssh_config::{SshConfigView, WorkspaceSsh};
pub use ssh_host::{HostAddress, SshAuth, SshAuthInput, SshHost};
pub use support::{SupportBundle, SupportFile};
pub use terminal::{TerminalEnd, TerminalSize, TerminalView};
pub use transfer::{TransferChange, TransferDone, TransferItem, TransferKind, TransferPreview};
pub use tunnel::{
    ExportHop, HopState, HttpExchange, PortHolder, StripCell, TrafficSample, Tunnel, TunnelCheck,
    TunnelCheckKind, TunnelClient, TunnelDetail, TunnelError, TunnelFound, TunnelHop, TunnelInput,
    TunnelLine, TunnelOptions, TunnelPoint, TunnelReading, TunnelRoute, TunnelState,
    TunnelSurvived, TunnelThrough, TunnelTraffic, TunnelView, TunnelWay, TypedWay, WhenDown,
};
pub use update::{UpdateOffer, UpdateState};
pub use volume::{VolumeInfo, VolumeKind, VolumeUse};
pub use workspace::{
    Forward, IdeTarget, Limits, RemoveVolumes, Volume, Workspace, WorkspaceDetail, WorkspacePort,
    WorkspaceState, WorkspaceView,
};
