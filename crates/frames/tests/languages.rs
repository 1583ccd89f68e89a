//! Texts in German, French, Spanish and Portuguese: kind and frame by the cues of their packs.

#![expect(clippy::print_stdout, reason = "`--nocapture` shows what was reached")]

use std::fmt::Write;
use throughline_frames::understand_all;

/// Kind, acceptable frames, text.
type Case = (&'static str, &'static [&'static str], &'static str);

const GERMAN: &[Case] = &[
    ("problem", &["reliability", "export"], "Der Export funktioniert seit dem letzten Update nicht mehr."),
    ("request", &["customise"], "Bitte baut ein dunkles Design ein, das wäre super."),
    ("question", &["sso_login"], "Wie kann ich mein Passwort ändern?"),
    ("request", &["notify"], "Ich möchte eine Benachrichtigung bekommen, wenn eine Schicht frei wird."),
    ("problem", &["performance"], "Die App ist viel zu langsam, das Laden dauert ewig."),
    ("problem", &["reliability"], "Die Anwendung stürzt jedes Mal ab."),
    ("request", &["export"], "Es wäre schön, wenn man die Liste als PDF herunterladen könnte."),
    ("problem", &["billing"], "Mir wurde das Abo doppelt abgebucht!"),
    ("request", &["offline"], "Wir brauchen einen Offline-Modus, im Keller gibt es kein Netz."),
    ("praise", &[], "Sehr gute App, vielen Dank!"),
    ("other", &[], "Ist mir egal."),
    ("question", &["track_progress"], "Wo ist meine Bestellung, wann kommt sie?"),
];

const FRENCH: &[Case] = &[
    ("problem", &["reliability", "export"], "L'export ne fonctionne plus depuis la mise à jour."),
    ("request", &["customise"], "Pourriez-vous ajouter un mode sombre ?"),
    ("question", &["sso_login", "edit"], "Comment puis-je changer mon mot de passe ?"),
    ("request", &["notify"], "Je voudrais recevoir une notification quand un créneau se libère."),
    ("problem", &["performance"], "L'application est beaucoup trop lente."),
    ("problem", &["reliability"], "Ça plante à chaque fois que j'ouvre une photo."),
    ("request", &["export"], "Ce serait bien de pouvoir télécharger la liste en PDF."),
    ("problem", &["billing"], "J'ai été débité deux fois pour mon abonnement."),
    ("request", &["offline"], "Il faudrait un mode hors ligne, nous n'avons pas de réseau au sous-sol."),
    ("praise", &[], "Excellente application, merci beaucoup !"),
    ("other", &[], "Ça m'est égal."),
    ("question", &["track_progress"], "Où est ma commande ?"),
];

const SPANISH: &[Case] = &[
    ("problem", &["reliability", "export"], "La exportación no funciona desde la última actualización."),
    ("request", &["customise"], "Por favor, agreguen un modo oscuro."),
    ("question", &["sso_login", "edit"], "¿Cómo puedo cambiar mi contraseña?"),
    ("request", &["notify"], "Me gustaría recibir una notificación cuando haya un turno libre."),
    ("problem", &["performance"], "La aplicación es demasiado lenta."),
    ("problem", &["reliability"], "La app se cierra sola cada vez que abro una foto."),
    ("request", &["export"], "Sería genial poder descargar la lista en PDF."),
    ("problem", &["billing"], "Me cobraron dos veces la suscripción."),
    ("request", &["offline"], "Necesitamos un modo sin conexión."),
    ("praise", &[], "Excelente aplicación, muchas gracias."),
    ("other", &[], "Me da igual."),
    ("question", &["track_progress"], "¿Dónde está mi pedido?"),
];

const PORTUGUESE: &[Case] = &[
    ("problem", &["reliability", "export"], "A exportação não funciona desde a última atualização."),
    ("request", &["customise"], "Por favor, adicionem um modo escuro."),
    ("question", &["sso_login", "edit"], "Como posso alterar a minha senha?"),
    ("request", &["notify"], "Gostaria de receber uma notificação quando houver um turno livre."),
    ("problem", &["performance"], "O aplicativo é muito lento, demora demais."),
    ("problem", &["reliability"], "O app trava toda vez que abro uma foto."),
    ("request", &["export"], "Seria ótimo poder baixar a lista em PDF."),
    ("problem", &["billing"], "Cobraram duas vezes a minha assinatura."),
    ("request", &["offline"], "Precisamos de um modo offline, sem internet."),
    ("praise", &[], "Excelente aplicativo, muito obrigado!"),
    ("other", &[], "Tanto faz para mim."),
    ("question", &["track_progress"], "Onde está o meu pedido?"),
];

#[test]
fn four_more_languages_are_read_usefully() {
    for (name, cases) in [("de", GERMAN), ("fr", FRENCH), ("es", SPANISH), ("pt", PORTUGUESE)] {
        let texts: Vec<&str> = cases.iter().map(|case| case.2).collect();
        let (mut kinds, mut answered, mut right, mut wrong) = (0, 0, 0, 0);
        let mut report = String::new();
        for (case, got) in cases.iter().zip(understand_all(&texts)) {
            let need = got.needs.first();
            let frame = need.map_or("none", |need| need.frame.as_str());
            kinds += usize::from(got.kind.word() == case.0);
            if case.1.is_empty() {
                wrong += usize::from(need.is_some());
            } else if need.is_some() {
                answered += 1;
                right += usize::from(case.1.contains(&frame));
            }
            let _ = writeln!(report, "{} -> {}, {:?} -> {frame}: {}", case.0, got.kind.word(), case.1, case.2);
        }
        println!("{name}\n{report}");
        assert!(kinds * 4 >= cases.len() * 3, "{name}: {kinds} kinds right\n{report}");
        assert!(answered >= 6 && right * 4 >= answered * 3, "{name}: {right} of {answered}\n{report}");
        assert!(wrong == 0, "{name}: a need where there is none\n{report}");
    }
}
