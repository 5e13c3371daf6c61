using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Clients;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>One client: its metadata, its secrets, its users, a test login, and the settings for libraries.</summary>
public sealed class ClientPageView(ServerUrls urls) : ManageView
{
    private const string AddSecret = "add_secret";
    private const string ExpireSecret = "expire_secret";
    private const string ExpiresAt = "expires_at";

    public override string Route => ClientsView.Name + "/{client}";

    public override string Scope => ManageScopes.ClientsRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var answer = await visit.CallAsync("get_client", cancellation);
        var client = (JsonObject)answer.Value!;
        var id = client["client_id"]!.ToString();
        var usage = visit.GetAsync<ClientUsage>("get_client_usage", cancellation);
        var secrets = await visit.GetAsync<ApiList<SecretView>>("list_client_secrets", cancellation);
        var mayWrite = visit.May(ManageScopes.ClientsWrite);
        return ManageContent.Of(
            Phrase.Of($"App: {client["client_name"]?.ToString() ?? id}"),
            [
                Facts(client, id, await usage),
                mayWrite ? Metadata(visit, client, answer.Tag) : null,
                secrets.Items.Count > 0 ? Secrets(visit, secrets, mayWrite) : null,
                secrets.Items.Count > 0 && mayWrite ? visit.Filled(new ManageForm(AddSecret, Phrase.Of($"Add a secret"), [new(ExpiresAt, Phrase.Of($"It ends (UTC)"), ManageFieldKind.Moment) { Hint = Phrase.Of($"Empty: never.") }], Phrase.Of($"Add a secret")) { IsFolded = true }) : null,
                AskExpire(visit, secrets),
                TestLogin(client, id),
                .. ClientSnippets.Of(client, id, urls.Issuer).Select(snippet => new ManageSnippet(snippet.Text, Phrase.Of($"Configuration for {snippet.Library}"))),
                mayWrite ? new ManageButtons([visit.AskButton(Forms.Delete, Phrase.Of($"Delete"))]) : null,
                mayWrite ? visit.Asking(Forms.Delete, Phrase.Of($"Delete the app {id}? All its codes and tokens stop working."), Phrase.Of($"Delete"), answer.Tag) : null,
            ]);
    }

    private static ManageFacts Facts(JsonObject client, string id, ClientUsage usage) => new(
    [
        Forms.Fact(Phrase.Of($"Client id"), ManageValue.Code(id)),
        Forms.Fact(Phrase.Of($"State"), ManageValue.Of(client["disabled"] is null ? Phrase.Of($"Enabled") : Phrase.Of($"Disabled"))),
        Forms.Fact(Phrase.Of($"Authentication"), ManageValue.Code(client["token_endpoint_auth_method"]?.ToString() ?? AuthMethods.ClientSecretBasic)),
        Forms.Fact(Phrase.Of($"Grant types"), ManageValue.Code(GrantTypesOf(client))),
        Forms.Fact(Phrase.Of($"Scopes"), ManageValue.Code(ScopeOf(client))),
        Forms.Fact(Phrase.Of($"People with access"), usage.HasMore ? $"> {usage.People}" : usage.People.ToString(CultureInfo.InvariantCulture)),
        .. usage.LastUsedAt is { } used ? [Forms.Fact(Phrase.Of($"Last used"), ManageValue.Of(used))] : Array.Empty<ManageFact>(),
    ]);

    // Members with their default value are not stored in the record.
    private static string GrantTypesOf(JsonObject client) => client["grant_types"] is JsonArray types ? string.Join(' ', types.Select(type => type!.ToString())) is { Length: > 0 } text ? text : "–" : GrantTypeNames.AuthorizationCode;

    private static string ScopeOf(JsonObject client) => client["scope"] is { } scope ? scope.ToString() is { Length: > 0 } text ? text : "–" : StandardScopes.OpenId;

    private static ManageForm Metadata(ManageVisit visit, JsonObject client, string? etag) => visit.Filled(new ManageForm(
        Forms.Save,
        Phrase.Of($"Save"),
        [
            new("client_name", Phrase.Of($"What it is called")) { Value = client["client_name"]?.ToString() },
            ClientFields.RedirectUris with { Value = Forms.LinesOf(client["redirect_uris"]) },
            ClientFields.PostLogoutRedirectUris with { Value = Forms.LinesOf(client["post_logout_redirect_uris"]) },
            ClientFields.Scope with { Value = client["scope"]?.ToString() ?? StandardScopes.OpenId },
            ClientFields.Resources with { Value = Forms.LinesOf(client["resources"]) },
            ClientFields.FirstParty with { Value = Forms.FlagOf(client["first_party"] is not null) },
            new("disabled", Phrase.Of($"Disabled"), ManageFieldKind.Check) { Value = Forms.FlagOf(client["disabled"] is not null), Hint = Phrase.Of($"This service treats a disabled app like an unknown app.") },
        ],
        Phrase.Of($"Change the app"))
    { Etag = etag, IsFolded = true });

    private static ManageRows Secrets(ManageVisit visit, ApiList<SecretView> secrets, bool mayWrite) => new(
        [.. secrets.Items.Select(secret => new ManageRow(ManageValue.Code(secret.Id))
        {
            Facts = [Forms.Fact(Phrase.Of($"It ends"), secret.ExpiresAt is { } end ? ManageValue.Of(end) : ManageValue.Of(Phrase.Of($"Never")))],
            Buttons = mayWrite ? [visit.AskButton(ExpireSecret, Phrase.Of($"End"), secret.Id, secret.Id)] : [],
        })],
        Phrase.Of($"Secrets"));

    private static ManageForm? AskExpire(ManageVisit visit, ApiList<SecretView> secrets) => secrets.Items
        .Select(secret => visit.Asking(ExpireSecret, Phrase.Of($"End the secret {secret.Id}? An app that still uses it gets no tokens any more."), Phrase.Of($"End"), target: secret.Id))
        .FirstOrDefault(form => form is not null);

    private ManageLink? TestLogin(JsonObject client, string id)
    {
        if (client["redirect_uris"] is not JsonArray { Count: > 0 } uris || client["disabled"] is not null || client["require_signed_request_object"] is not null || client["require_pushed_authorization_requests"] is not null)
            return null;
        // The app does not expect the code. Nobody has a verifier for this challenge, because it consists of random bytes and is not a hash.
        var challenge = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var address = Redirect.Append(Routes.Authorize, '?',
        [
            new(Parameter.ClientId, id), new(Parameter.ResponseType, ResponseTypeNames.Code), new(Parameter.RedirectUri, uris[0]!.ToString()), new(Parameter.Scope, StandardScopes.OpenId),
            new(Parameter.State, "test"), new(Parameter.CodeChallenge, challenge), new(Parameter.CodeChallengeMethod, "S256"), new(Parameter.Prompt, "login"),
        ]);
        return new ManageLink(address, Phrase.Of($"Try the login. It ends at the app, which may show an error because it did not start the login"), Phrase.Of($"Test"));
    }

    public override async Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation)
    {
        switch (form[PageFields.Action])
        {
            case Forms.Save:
                await visit.CallAsync("patch_client", cancellation, Changes(form), form[PageFields.Etag]);
                return new ManageResult(null, Phrase.Of($"The app is saved."));
            case Forms.Delete:
                await visit.CallAsync("delete_client", cancellation, etag: form[PageFields.Etag]);
                return new ManageResult(ClientsView.Name);
            case AddSecret:
                var made = (NewSecretView)(await visit.CallAsync("add_client_secret", cancellation, Forms.Body((ExpiresAt, form.Moment(ExpiresAt))))).Value!;
                return new ManageResult(null, Phrase.Of($"The app has one more secret."), new ManageSnippet(made.ClientSecret, Phrase.Of($"The secret, which is shown this once"), IsSecret: true));
            case ExpireSecret:
                await visit.CallAsync("expire_client_secret", cancellation, values: [("secret", form[PageFields.Target])]);
                return new ManageResult(null, Phrase.Of($"The secret is ended."));
            default:
                return new ManageResult(null);
        }
    }

    /// <summary>RFC 7396: null removes a member, so that it has its default value again.</summary>
    private static JsonObject Changes(Parameters form) => new()
    {
        ["client_name"] = form.Text("client_name"),
        ["redirect_uris"] = form.Lines("redirect_uris"),
        ["post_logout_redirect_uris"] = form.Lines("post_logout_redirect_uris"),
        ["scope"] = form.Words("scope"),
        ["resources"] = form.Lines("resources"),
        ["first_party"] = form.Flag("first_party"),
        ["disabled"] = form.Flag("disabled"),
    };
}
