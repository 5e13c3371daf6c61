using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>A kind of app, and the settings of a new client of this kind.</summary>
/// <param name="Name">The name in the address of the form.</param>
/// <param name="Title">The usual name of the kind.</param>
/// <param name="Text">Describes the apps of this kind.</param>
internal sealed record ClientKind(string Name, Phrase Title, Phrase Text)
{
    private const string Usual = "openid profile email offline_access";

    public static IReadOnlyList<ClientKind> All { get; } =
    [
        new("web", Phrase.Of($"Web app"), Phrase.Of($"It runs on a server of yours, which can keep a secret. People sign in to it.")) { Scope = Usual, HasPeople = true },
        new("spa", Phrase.Of($"Single-page app"), Phrase.Of($"It runs in the browser and can keep no secret. People sign in to it.")) { Scope = Usual, HasPeople = true, IsPublic = true },
        new("native", Phrase.Of($"Native app"), Phrase.Of($"It runs on a phone or a computer and can keep no secret. People sign in to it.")) { Scope = Usual, HasPeople = true, IsPublic = true, IsNative = true },
        new("service", Phrase.Of($"Service"), Phrase.Of($"A program that calls an API for itself, without a person.")) { Scope = "", GrantTypes = [GrantTypeNames.ClientCredentials] },
        new("api", Phrase.Of($"API"), Phrase.Of($"It receives access tokens from apps, and asks this service whether they are valid.")) { GrantTypes = [] },
        new("mcp", Phrase.Of($"MCP client"), Phrase.Of($"An AI app that uses an MCP server on behalf of people. The server is the API that it calls.")) { Scope = "openid offline_access", HasPeople = true, IsPublic = true, IsNative = true, HasResources = true },
    ];

    /// <summary>The scopes that the form suggests; null if the form does not ask for scopes.</summary>
    public string? Scope { get; init; }

    public bool HasPeople { get; init; }

    public bool IsPublic { get; init; }

    public bool IsNative { get; init; }

    public bool HasResources { get; init; }

    public IReadOnlyList<string> GrantTypes { get; init; } = [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken];

    public IReadOnlyList<ManageField> Fields =>
    [
        new("client_id", Phrase.Of($"Client id")) { IsRequired = true, Hint = Phrase.Of($"The app sends it. It never changes.") },
        new("client_name", Phrase.Of($"What it is called")) { Hint = Phrase.Of($"People see it when they sign in.") },
        .. HasPeople ? [ClientFields.RedirectUris with { IsRequired = true }, ClientFields.PostLogoutRedirectUris, ClientFields.FirstParty with { Value = IsNative && HasResources ? null : PageFields.True }] : Array.Empty<ManageField>(),
        .. Scope is null ? [] : new[] { ClientFields.Scope with { Value = Scope } },
        .. HasResources ? [ClientFields.Resources] : Array.Empty<ManageField>(),
    ];

    /// <summary>The client that the form describes.</summary>
    public JsonObject Read(Parameters form)
    {
        var body = new JsonObject
        {
            ["token_endpoint_auth_method"] = IsPublic ? AuthMethods.None : AuthMethods.ClientSecretBasic,
            ["grant_types"] = new JsonArray([.. GrantTypes.Select(name => (JsonNode)JsonValue.Create(name))]),
            ["scope"] = Scope is null ? "" : form.Words("scope"),
        };
        if (form.Text("client_name") is { } name)
            body["client_name"] = name;
        if (IsNative)
            body["application_type"] = ApplicationTypes.Native;
        if (HasResources)
            body["resources"] = form.Lines("resources");
        if (HasPeople)
        {
            body["redirect_uris"] = form.Lines("redirect_uris");
            body["post_logout_redirect_uris"] = form.Lines("post_logout_redirect_uris");
            body["first_party"] = form.Flag("first_party");
        }
        return body;
    }
}

/// <summary>The fields that the form of a new client and the form of a stored client share.</summary>
internal static class ClientFields
{
    public static ManageField RedirectUris { get; } = new("redirect_uris", Phrase.Of($"Redirect URIs"), ManageFieldKind.Lines) { Hint = Phrase.Of($"The addresses to which people return after they sign in, one per line, exactly as the app sends them.") };

    public static ManageField PostLogoutRedirectUris { get; } = new("post_logout_redirect_uris", Phrase.Of($"Redirect URIs after sign-out"), ManageFieldKind.Lines);

    public static ManageField FirstParty { get; } = new("first_party", Phrase.Of($"It is your own app: people are not asked for consent"), ManageFieldKind.Check);

    public static ManageField Scope { get; } = new("scope", Phrase.Of($"Scopes")) { Hint = Phrase.Of($"What it may ask for, separated by spaces. With offline_access it gets refresh tokens.") };

    public static ManageField Resources { get; } = new("resources", Phrase.Of($"APIs"), ManageFieldKind.Lines) { Hint = Phrase.Of($"The identifiers of more APIs that it may ask for, besides the APIs of its scopes, one per line.") };
}
