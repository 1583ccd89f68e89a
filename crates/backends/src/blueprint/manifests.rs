//! What is deployed beside the core as Kubernetes or Knative manifests.
//!
//! Invariants: never root, a root file system that is read only, requests and limits, probes where something listens, an
//! image by a fixed tag, secrets by reference.

use super::yaml::{Node, list, map, plain, text};
use throughline_model::blueprint::{Deployable, Placement};

/// The manifests, one document after the other.
pub(super) fn manifests(deployable: &Deployable) -> String {
    let documents = match deployable.placement {
        Placement::Function => vec![function(deployable)],
        Placement::Service => vec![deployment(deployable), service(deployable)],
        Placement::Clock => vec![clock(deployable)],
    };
    let reason = format!("# {}: {}\n", deployable.placement.word(), deployable.reason.text.replace('\n', " "));
    let documents: Vec<String> = documents.iter().map(Node::document).collect();
    format!("{reason}{}", documents.join("---\n"))
}

fn named(deployable: &Deployable) -> Node {
    map([("name", text(&deployable.name)), ("labels", labels(deployable))])
}

fn labels(deployable: &Deployable) -> Node {
    map([("app.kubernetes.io/name", text(&deployable.name))])
}

fn container(deployable: &Deployable, listens: bool) -> Node {
    let amounts = |cpu: &str, memory: &str| map([("cpu", text(cpu)), ("memory", text(memory))]);
    let secret = map([("name", text(format!("{}-database", deployable.name))), ("key", text("url"))]);
    let mut node = map([
        ("name", text(&deployable.name)),
        // The registry and the tag of the build are set at release.
        ("image", text(format!("registry.internal/{}:0.1.0", deployable.name))),
        ("env", list([map([("name", text("DATABASE_URL")), ("valueFrom", map([("secretKeyRef", secret)]))])])),
        ("resources", map([("requests", amounts("100m", "128Mi")), ("limits", amounts("500m", "512Mi"))])),
        (
            "securityContext",
            map([
                ("allowPrivilegeEscalation", plain(false)),
                ("readOnlyRootFilesystem", plain(true)),
                ("runAsNonRoot", plain(true)),
                ("capabilities", map([("drop", list([text("ALL")]))])),
                ("seccompProfile", map([("type", text("RuntimeDefault"))])),
            ]),
        ),
    ]);
    if listens {
        let probe = |path: &str| map([("httpGet", map([("path", text(path)), ("port", plain(8080))]))]);
        node = node
            .with("ports", list([map([("containerPort", plain(8080))])]))
            .with("readinessProbe", probe("/ready"))
            .with("livenessProbe", probe("/live"));
    }
    node
}

/// A Knative service that scales to nothing.
fn function(deployable: &Deployable) -> Node {
    let scale =
        map([("autoscaling.knative.dev/min-scale", text("0")), ("autoscaling.knative.dev/max-scale", text("10"))]);
    map([
        ("apiVersion", text("serving.knative.dev/v1")),
        ("kind", text("Service")),
        ("metadata", named(deployable)),
        (
            "spec",
            map([(
                "template",
                map([
                    ("metadata", map([("annotations", scale)])),
                    (
                        "spec",
                        map([
                            ("containerConcurrency", plain(4)),
                            ("timeoutSeconds", plain(300)),
                            ("automountServiceAccountToken", plain(false)),
                            ("containers", list([container(deployable, true)])),
                        ]),
                    ),
                ]),
            )]),
        ),
    ])
}

fn deployment(deployable: &Deployable) -> Node {
    map([
        ("apiVersion", text("apps/v1")),
        ("kind", text("Deployment")),
        ("metadata", named(deployable)),
        (
            "spec",
            map([
                ("replicas", plain(2)),
                ("selector", map([("matchLabels", labels(deployable))])),
                (
                    "template",
                    map([
                        ("metadata", map([("labels", labels(deployable))])),
                        (
                            "spec",
                            map([
                                ("automountServiceAccountToken", plain(false)),
                                ("containers", list([container(deployable, true)])),
                            ]),
                        ),
                    ]),
                ),
            ]),
        ),
    ])
}

fn service(deployable: &Deployable) -> Node {
    map([
        ("apiVersion", text("v1")),
        ("kind", text("Service")),
        ("metadata", named(deployable)),
        (
            "spec",
            map([
                ("selector", labels(deployable)),
                ("ports", list([map([("port", plain(80)), ("targetPort", plain(8080))])])),
            ]),
        ),
    ])
}

/// A job that is started every minute and ends when nothing is due.
fn clock(deployable: &Deployable) -> Node {
    let pod = map([
        ("restartPolicy", text("Never")),
        ("automountServiceAccountToken", plain(false)),
        ("containers", list([container(deployable, false)])),
    ]);
    map([
        ("apiVersion", text("batch/v1")),
        ("kind", text("CronJob")),
        ("metadata", named(deployable)),
        (
            "spec",
            map([
                ("schedule", text("* * * * *")),
                ("concurrencyPolicy", text("Forbid")),
                (
                    "jobTemplate",
                    map([(
                        "spec",
                        map([
                            ("backoffLimit", plain(2)),
                            ("activeDeadlineSeconds", plain(600)),
                            ("template", map([("spec", pod)])),
                        ]),
                    )]),
                ),
            ]),
        ),
    ])
}
