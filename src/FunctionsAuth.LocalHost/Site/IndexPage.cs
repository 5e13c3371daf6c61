using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.LocalHost;

/// <summary>Puts the facts into <c>index.html</c>.</summary>
internal static partial class IndexPage
{
    private const string Mail = "<li><a href=\"/mail\">Mail</a> that this server sent.</li>";
    private const string Try = "<a class=\"button strong\" href=\"/demo\">Try it: sign in with the demo client</a>";
    private const string AddDemo = "<form method=\"post\" action=\"/demo/client\"><button class=\"button strong\">Add the demo client, and try it</button></form>";

    /// <param name="records">Null where others than this machine could read the page.</param>
    public static string Render(string template, SiteFacts facts, SiteRecords? records) => template
        .Replace("{{issuer}}", Encode(facts.Issuer.OriginalString), StringComparison.Ordinal)
        .Replace("{{storage}}", Encode(facts.Storage), StringComparison.Ordinal)
        .Replace("{{mail}}", facts.ShowsMail ? Mail : "", StringComparison.Ordinal)
        .Replace("{{demo}}", records is null or { HasDemo: true } ? Try : AddDemo, StringComparison.Ordinal)
        .Replace("{{records}}", records is null ? "" : Records(facts, records), StringComparison.Ordinal);

    private static string Records(SiteFacts facts, SiteRecords records) =>
        $"""
        <section class="card" aria-labelledby="users">
          <h2 id="users">Users</h2>
          {(facts.Accounts.Count > 0 ? "<p class=\"notice\">Everyone can read the passwords and secrets of these samples. Never put them on a server that others can reach.</p>" : "")}
          {List([.. records.Users.Select(user => Entry(Kind(user), user.Username, Sample(facts, user.Username)))], records.HasMoreUsers, "/manage/users", "There are no users yet. An import file has them.")}
        </section>
        <section class="card" aria-labelledby="clients">
          <h2 id="clients">Clients</h2>
          {List([.. records.Clients.Select(client => Entry(Kind(client), client.ClientId, Sample(facts, client.ClientId), client))], records.HasMoreClients, "/manage/clients", "There are no clients yet. An import file has them.")}
        </section>
        <section class="card" aria-labelledby="events">
          <h2 id="events">What happened in the last hour</h2>
          {Events(records)}
        </section>
        """;

    private static string List(IReadOnlyList<string> entries, bool hasMore, string all, string none) => entries.Count == 0
        ? $"<p class=\"fine\">{none}</p>"
        : $"""
          <ul class="records">
          {string.Join('\n', entries)}
          </ul>
          {(hasMore ? $"<p class=\"fine\"><a href=\"{all}\">All of them are on the management pages.</a></p>" : "")}
          """;

    private static string Entry(string kind, string id, SiteAccount? sample, Client? client = null) => $"""
        <li>
          <p class="account-head"><span class="tag">{Encode(kind)}</span> {Encode(sample?.Note ?? client?.ClientName ?? "")}</p>
          <dl class="facts">
            <div><dt>{(client is null ? "Username" : "Client id")}</dt><dd><code class="copy">{Encode(id)}</code></dd></div>
            {(sample is { Secret.Length: > 0 } ? $"<div><dt>{(client is null ? "Password" : "Secret")}</dt><dd><code class=\"copy\">{Encode(sample.Secret)}</code></dd></div>" : "")}
            {(client is { RedirectUris: [var first, ..] } ? $"<div><dt>Redirects to</dt><dd><code>{Encode(first)}</code></dd></div>" : "")}
          </dl>
        </li>
        """;

    private static string Kind(User user) => user.Disabled ? "Disabled user" : "User";

    private static string Kind(Client client) => client switch
    {
        { Disabled: true } => "Disabled client",
        { TokenEndpointAuthMethod: "none" } => "Public client",
        { GrantTypes: ["client_credentials"] } => "Service",
        { GrantTypes: [] } => "API",
        _ => "Confidential client",
    };

    private static SiteAccount? Sample(SiteFacts facts, string id) => facts.Accounts.FirstOrDefault(account => account.Id == id);

    private static string Events(SiteRecords records)
    {
        if (records.Events.Count == 0)
            return "<p class=\"fine\">Nothing yet. Sign in, and look again.</p>";
        var names = records.Users.ToDictionary(user => user.Subject, user => user.Username, StringComparer.Ordinal);
        return $"""
            <table tabindex="0">
            <thead><tr><th>Time (UTC)</th><th>Event</th><th>User</th><th>Client</th><th>Detail</th></tr></thead>
            <tbody>
            {string.Join('\n', records.Events.Select(Row))}
            </tbody>
            </table>
            <p class="fine">The page does not refresh itself. <a href="/manage/events">The management pages</a> have all events.</p>
            """;

        string Row(AuditEvent entry) =>
            $"<tr><td>{entry.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}</td><td>{Words(entry.Kind)}</td><td>{Encode(NameOf(entry.Subject))}</td><td>{Encode(entry.ClientId ?? "")}</td><td>{Encode(entry.Detail ?? "")}</td></tr>";

        string NameOf(string? subject) => subject is null ? "" : names.GetValueOrDefault(subject, subject);
    }

    /// <summary>Such as <c>Sign in failed</c>.</summary>
    private static string Words(AuditKind kind)
    {
        var words = Capital().Replace(kind.ToString(), match => $" {match.Value.ToLowerInvariant()}").TrimStart();
        return $"{char.ToUpperInvariant(words[0])}{words[1..]}";
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
