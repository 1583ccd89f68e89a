//! Headers that people and tools give to columns, in English, German, French, Spanish and Portuguese.
//!
//! Written as [`crate::fields::fold_header`] leaves them: lower-case, accents folded, words joined by one blank.
//! Within a field the best name stands first; fields are chosen in the order of the table, so a header that two fields
//! know goes to the first of them that is still without a column.

use crate::csv_columns::Field;

/// Field and its names, best first.
#[rustfmt::skip]
pub(crate) const ALIASES: &[(Field, &[&str])] = &[
    (Field::Id, &[
        "id", "ticket id", "issue key", "key", "review id", "response id", "respondent id", "submission id",
        "record id", "external id", "case number", "ticket number", "conversation id", "message id", "post id",
        "note id", "number", "nummer", "numero", "uuid", "case id", "issue id", "feedback id", "idea id",
        "request id", "survey response id", "#", "no", "nr", "ticket", "ref", "reference", "account id",
        "company id", "customer id", "deal id", "opportunity id", "vorgangsnummer", "ticketnummer", "vorgang",
        "fallnummer", "fall", "identifiant", "identificador", "kennung",
    ]),
    (Field::Text, &[
        "text", "body", "description", "comment", "comments", "feedback", "message", "review", "review text",
        "content", "details", "note", "notes", "response", "verbatim", "answer", "review body", "full text",
        "reason for score", "open feedback", "what could we improve", "ticket description", "ticket body",
        "first message", "utterance", "transcript", "quote", "question", "beschreibung", "kommentar", "nachricht",
        "anmerkung", "bewertungstext", "rezension", "rueckmeldung", "notiz", "inhalt", "schilderung", "anliegen",
        "freitext", "commentaire", "commentaires", "avis", "texte", "remarque", "contenu", "reponse", "comentario",
        "comentarios", "descripcion", "mensaje", "opinion", "resena", "texto", "contenido", "respuesta", "descricao",
        "mensagem", "avaliacao", "conteudo", "resposta", "request", "query", "summary text", "improvement",
        "suggestion",
    ]),
    (Field::Title, &[
        "title", "subject", "summary", "headline", "review title", "ticket subject", "betreff", "betr", "thema",
        "titel", "titre", "objet", "sujet", "titulo", "asunto", "assunto", "resumen", "resumo", "topic", "idea",
        "post title", "name of idea",
    ]),
    (Field::Reply, &[
        "reply", "agent reply", "developer reply", "developer reply text", "official response", "our response",
        "answer from team", "resolution", "resolution notes", "antwort", "response from owner", "company reply",
        "team response", "owner reply",
    ]),
    (Field::CreatedAt, &[
        "created at", "created", "created date", "date created", "created time", "creation date", "createdate",
        "date", "timestamp", "submitted at", "submit date", "submission date", "response date", "review date",
        "review submit date and time", "start date", "end date", "recorded date", "received at", "sent at",
        "opened at", "date time", "datetime", "time", "day", "date submitted", "posted at", "published at",
        "requested", "date added", "erstellt", "erstellt am", "eingang", "eingegangen", "gemeldet am", "datum",
        "erstelldatum", "zeitstempel", "eingegangen am", "date de creation", "cree le", "cree", "horodatage",
        "date de soumission", "fecha", "fecha de creacion", "creado", "creado el", "marca temporal", "data",
        "data de criacao", "criado em", "criado", "first response date", "close date", "last update", "updated at",
        "updated",
    ]),
    (Field::AuthorEmail, &[
        "email", "e mail", "author email", "requester email", "customer email", "user email", "contact email",
        "email address", "e mail adresse", "mail", "kontakt", "reporter email", "respondent email", "adresse e mail",
        "adresse email", "courriel", "correo", "correo electronico", "e mail address", "from", "created by email",
        "voter email", "owner email", "submitter email",
    ]),
    (Field::AuthorName, &[
        "author", "author name", "requester", "requester name", "customer name", "user name", "username", "name",
        "full name", "reviewer", "reviewer name", "reporter", "contact name", "contact", "created by",
        "submitted by", "respondent", "respondent name", "user", "nickname", "reviewer nickname", "speaker",
        "sender", "participant", "interviewee", "autor", "verfasser", "kundenname", "ansprechpartner", "melder",
        "auteur", "nom", "nom complet", "utilisateur", "nombre", "nombre completo", "usuario", "nome",
        "nome completo", "first name", "customer", "client", "cliente", "kunde", "by",
    ]),
    (Field::AuthorId, &[
        "author id", "user id", "requester id", "contact id", "distinct id", "reporter id", "person id", "member id",
    ]),
    (Field::AuthorRole, &[
        "role", "job title", "position", "function", "rolle", "funktion", "fonction", "poste", "cargo", "puesto",
        "title of person", "persona",
    ]),
    (Field::AuthorSide, &[
        "is staff", "is agent", "author type", "sender type", "side", "direction", "author role",
    ]),
    (Field::Company, &[
        "company", "company name", "organization", "organisation", "organization name", "account", "account name",
        "customer company", "requester organization", "workspace", "client company", "firma", "unternehmen",
        "kunde firma", "entreprise", "societe", "organisme", "empresa", "compania", "organizacion", "organizacao",
        "companhia", "companies", "kunde", "customer", "client", "cliente",
    ]),
    (Field::Rating, &[
        "rating", "score", "nps", "nps score", "stars", "star rating", "csat", "csat score", "satisfaction",
        "satisfaction score", "how likely are you to recommend us", "likelihood to recommend", "satisfaction rating",
        "bewertung", "punktzahl", "sterne", "zufriedenheit", "note sur 10", "etoiles", "calificacion", "puntuacion",
        "estrellas", "nota", "estrelas", "pontuacao", "promoter score", "ces",
    ]),
    (Field::Votes, &[
        "votes", "vote count", "votes count", "upvotes", "likes", "thumbs up", "thumbs up count", "number of votes",
        "stimmen", "voix", "votos", "helpful", "reactions",
    ]),
    (Field::Tags, &[
        "tags", "labels", "tag", "label", "ticket tags", "topics", "schlagworte", "etiketten", "etiquettes",
        "mots cles", "etiquetas", "components", "component s",
    ]),
    (Field::Status, &[
        "status", "state", "ticket status", "zustand", "stand", "statut", "etat", "estado", "resolution status",
    ]),
    (Field::Category, &[
        "category", "type", "issue type", "ticket type", "board", "kategorie", "typ", "categorie", "categoria",
        "tipo", "product area", "area", "channel", "app version name",
    ]),
    (Field::Priority, &[
        "priority", "severity", "urgency", "prioritaet", "prioritat", "priorite", "prioridad", "prioridade",
    ]),
    (Field::Url, &[
        "url", "link", "html url", "permalink", "display url", "review link", "ticket url", "source url", "lien",
        "enlace",
    ]),
    (Field::Thread, &[
        "post id", "issue id", "ticket id", "thread", "thread id", "parent id", "conversation", "in reply to", "thread ts",
    ]),
    (Field::DuplicateOf, &[
        "duplicate of", "original number", "merged into", "duplicates", "original id", "canonical id",
    ]),
    (Field::Domain, &[
        "domain", "company domain", "company domain name", "website", "website url", "email domain", "web site",
        "domaene", "domaine", "dominio", "webseite",
    ]),
    (Field::Plan, &[
        "plan", "plan name", "subscription plan", "tier", "package", "product plan", "tarif", "paket", "forfait",
        "abo", "plano", "suscripcion", "edition", "subscription",
    ]),
    (Field::Seats, &[
        "seats", "licenses", "licences", "users", "number of seats", "seat count", "quantity", "plaetze", "platze",
        "lizenzen", "nutzer", "sieges", "licencias", "asientos", "usuarios", "assentos", "licencas", "member count",
        "n seats",
    ]),
    (Field::Arr, &[
        "arr", "annual recurring revenue", "arr eur", "arr usd", "arr gbp", "acv", "annual contract value",
        "yearly revenue", "jahresumsatz", "revenu annuel recurrent", "ingresos anuales recurrentes",
        "receita anual recorrente", "contract value",
    ]),
    (Field::Mrr, &[
        "mrr", "monthly recurring revenue", "monthly spend", "mrr eur", "mrr usd", "mrr gbp", "monthly revenue",
    ]),
    (Field::Currency, &[
        "currency", "currency code", "waehrung", "wahrung", "devise", "moneda", "moeda", "currency iso code",
        "deal currency",
    ]),
    (Field::Segment, &[
        "segment", "customer segment", "company size", "size", "kundensegment", "segmento", "market segment",
        "industry", "vertical", "branche", "secteur", "industria",
    ]),
    (Field::Country, &[
        "country", "billing country", "region", "land", "pays", "pais", "country region", "territory",
    ]),
    (Field::RenewalAt, &[
        "renewal", "renewal at", "renewal date", "renews at", "contract end", "contract end date", "next renewal",
        "subscription end", "verlaengerung", "vertragsende", "renouvellement", "date de renouvellement",
        "renovacion", "fecha de renovacion", "renovacao",
    ]),
    (Field::Stage, &[
        "stage", "deal stage", "lifecycle stage", "customer stage", "account status", "opportunity stage", "phase",
        "etape", "etapa", "pipeline stage", "account type",
    ]),
    (Field::DealAmount, &[
        "deal amount", "amount", "deal value", "opportunity amount", "deal size", "value", "betrag", "montant",
        "monto", "importe", "valor", "open deal amount", "open deal", "pipeline amount",
    ]),
    (Field::LostReason, &[
        "lost reason", "closed lost reason", "loss reason", "reason lost", "churn reason", "reason for leaving",
        "cancellation reason", "cancel reason", "verlustgrund", "kuendigungsgrund", "raison de perte",
        "motivo de perdida", "motivo da perda", "closed reason",
    ]),
    (Field::Comment, &[]),
];
