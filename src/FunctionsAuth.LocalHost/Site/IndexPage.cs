using System.Text.Encodings.Web;

namespace FunctionsAuth.LocalHost;

/// <summary>Puts the facts into <c>index.html</c>.</summary>
internal static class IndexPage
{
    private const string Mail = "<li><a href=\"/mail\">Mail</a> that this server sent.</li>";

    public static string Render(string template, SiteFacts facts) => template
        .Replace("{{issuer}}", Encode(facts.Issuer.OriginalString), StringComparison.Ordinal)
        .Replace("{{storage}}", Encode(facts.Storage), StringComparison.Ordinal)
        .Replace("{{mail}}", facts.ShowsMail ? Mail : "", StringComparison.Ordinal)
        .Replace("{{accounts}}", Accounts(facts.Accounts), StringComparison.Ordinal);

    private static string Accounts(IReadOnlyList<SiteAccount> accounts) => accounts.Count == 0
        ? "<p class=\"fine\">There are no sample accounts: this server runs with the users and clients that you imported.</p>"
        : $"""
          <p class="notice">Everyone can read these secrets. Never put this data on a server that others can reach.</p>
          <ul class="accounts">
          {string.Join('\n', accounts.Select(Account))}
          </ul>
          """;

    private static string Account(SiteAccount account) => $"""
        <li>
          <p class="account-head"><span class="tag">{Encode(account.Kind)}</span> {Encode(account.Note)}</p>
          <dl class="facts">
            <div><dt>Name or id</dt><dd><code class="copy">{Encode(account.Id)}</code></dd></div>
            <div><dt>Secret</dt><dd>{Secret(account.Secret)}</dd></div>
          </dl>
        </li>
        """;

    private static string Secret(string secret) =>
        secret.Length == 0 ? "none (public client)" : $"<code class=\"copy\">{Encode(secret)}</code>";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
