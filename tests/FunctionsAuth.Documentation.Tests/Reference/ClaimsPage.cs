using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Documentation.Tests.Reference;

/// <summary>What is in each token and answer. The names come from the code that writes them.</summary>
internal static partial class ClaimsPage
{
    private const string ByGroups = "Arrays of text, such as `roles`. The `claim_maps` of the client and of the API give them to the members of groups ([Groups](../groups.md)).";

    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["iss"] = "The issuer: the setting `Issuer`.",
        ["sub"] = "The person. In an access token of the grant type `client_credentials`, the client. With pairwise subjects, each client sees another value.",
        ["aud"] = "For whom it is: the client, or the API. An access token for several APIs has an array.",
        ["iat"] = "When it was issued, in seconds since 1970.",
        ["exp"] = "When it ends, in seconds since 1970.",
        ["jti"] = "The id of the token.",
        ["auth_time"] = "When the person signed in, in seconds since 1970.",
        ["sid"] = "The id of the session ([Logout](../logout.md)).",
        ["acr"] = "The level of the sign-in, where it has one ([Second factors](../factors.md)).",
        ["amr"] = "The methods of the sign-in: an array of values of RFC 8176, such as `pwd`.",
        ["nonce"] = "The `nonce` of the authorization request. ID tokens from a refresh do not have it.",
        ["at_hash"] = "The hash of the access token that was issued with the ID token.",
        ["c_hash"] = "The hash of the code that was issued with the ID token. Only with the hybrid response types.",
        ["client_id"] = "The client to which the token was issued.",
        ["scope"] = "The granted scopes: one text, with spaces between the scopes.",
        ["authorization_details"] = "The granted authorization details ([RFC 9396](../rich-authorization-requests.md)).",
        ["cnf"] = "The key (`jkt`, [DPoP](../dpop.md)) or the certificate (`x5t#S256`, [client certificates](../client-certificates.md)) to which the token is bound.",
        ["active"] = "`true` where the token is valid; otherwise `false`, and nothing else.",
        ["token_type"] = "`Bearer`, or `DPoP` for a token that is bound to a key.",
        ["token_introspection"] = "The answer itself, in a signed answer (RFC 9701).",
        ["events"] = "Says that it is a logout token: `http://schemas.openid.net/event/backchannel-logout`.",
        ["id"] = "The id of the event. It is the same in each attempt.",
        ["type"] = "The type of the event ([Events](events.md)).",
        ["time"] = "When it happened (RFC 3339).",
        ["issuer"] = "The issuer of the server.",
        ["data"] = "What the event is about.",
        ["subject"] = "The person: the `sub` of the server itself, and not a pairwise one. In `data`.",
        ["actor"] = "Who did it: `person`, `client`, `operator` or `server`. In `data`.",
        ["detail"] = "More about the event, in English. In `data`.",
    };

    // An event names a client in another place than a token does.
    private static readonly Dictionary<string, string> InEvents = new() { ["client_id"] = "The client. In `data`." };

    public static string Write() => new Page("Reference: claims", """
        This page lists what the tokens and the answers of the server contain. A claim that does not apply is left out.
        """)
        .Heading("ID tokens")
        .Paragraph("They are JWTs with the type `JWT`.")
        .Table(["claim", "meaning"], [.. Rows(Written("Tokens/IdTokenIssuer.cs")), ["claims of the person", UserClaimsOfIdTokens], ["claims of groups", "Arrays of text, such as `roles`. The `claim_maps` of the client give them to the members of groups ([Groups](../groups.md))."]])
        .Heading("Access tokens")
        .Paragraph("They are JWTs with the type `at+jwt` (RFC 9068). A reference token has the same claims, and introspection shows them.")
        .Table(["claim", "meaning"], [.. Rows([.. Written("Tokens/AccessTokenIssuer.cs"), "authorization_details", .. Constants("Tokens/TokenBinding.cs")]), ["claims of groups", ByGroups]])
        .Heading("Answers of userinfo")
        .Paragraph("A client gets the claims of the granted scopes, and those that it requested with the parameter `claims`. A signed answer has `iss` and `aud` too.")
        .Table(["claim", "meaning"], [.. Rows([.. Indexed("Endpoints/UserInfo/UserInfoEndpoint.cs"), .. Written("Endpoints/UserInfo/UserInfoEndpoint.cs")]), ["claims of the person", "Those of the granted scopes: see [Scopes and their claims](#scopes-and-their-claims)."], ["claims of groups", "As in ID tokens."]])
        .Heading("Answers of introspection")
        .Paragraph("For an access token, the answer has the claims of the token and the following. Scopes and groups are those that are valid now.")
        .Table(["member", "meaning"], Rows(Indexed("Endpoints/Introspection/IntrospectionEndpoint.cs").Where(name => name is "active" or "token_type")))
        .Paragraph("For a refresh token, which only its own client may introspect:")
        .Table(["member", "meaning"], Rows([.. Indexed("Endpoints/Introspection/RefreshTokenIntrospection.cs"), "authorization_details"]))
        .Paragraph("A signed answer (RFC 9701) is a JWT with these claims:")
        .Table(["claim", "meaning"], Rows(Written("Endpoints/Introspection/SignedIntrospection.cs")))
        .Heading("Logout tokens")
        .Paragraph("The server sends them to the `backchannel_logout_uri` of a client ([Logout](../logout.md)).")
        .Table(["claim", "meaning"], Rows(Written("SessionEnd/LogoutTokenIssuer.cs").Where(name => name != "Event")))
        .Heading("Webhook events")
        .Paragraph("They are JSON objects ([Webhooks](../webhooks.md)). They are no JWTs.")
        .Table(["member", "meaning"], Rows([.. Indexed("Webhooks/WebhookEvent.cs"), .. Pairs("Webhooks/WebhookEvent.cs")], InEvents))
        .Heading("Scopes and their claims")
        .Paragraph("These scopes are built in. Your own scopes can have claims too: [Import](../import.md).")
        .Table(["scope", "claims"], StandardScopes.All.Select(scope => (string[])[$"`{scope.Name}`", scope.Claims.Count == 0 ? "none; the client gets a refresh token that outlives the session" : Names(scope.Claims)]))
        .Heading("Scopes of the management API")
        .Table(["scope", "what the holder may do"], ManageScopes.All.Select(scope => (string[])[$"`{scope.Name}`", scope.DisplayName!]))
        .ToString();

    private static string UserClaimsOfIdTokens =>
        $"{Names(IdTokenClaims.Usual)}, as far as their scopes were granted. `id_token_claims` of the client names others. A client that registered itself gets none without that list. Above {IdTokenClaims.MostBytes} bytes the ID token has none of them, and the client reads them from userinfo.";

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));

    private static IEnumerable<string[]> Rows(IEnumerable<string> names, Dictionary<string, string>? others = null) =>
        names.Distinct().Select(name => (string[])[$"`{name}`", others?.GetValueOrDefault(name) ?? Meanings.GetValueOrDefault(name) ?? throw new InvalidOperationException($"ClaimsPage says nothing of {name}")]);

    private static IEnumerable<string> Written(string file) => Found(Writer(), file);

    private static IEnumerable<string> Indexed(string file) => Found(Index(), file);

    private static IEnumerable<string> Pairs(string file) => Found(Pair(), file);

    private static IEnumerable<string> Constants(string file) => Found(Claim(), file);

    private static IEnumerable<string> Found(Regex pattern, string file)
    {
        var names = pattern.Matches(Repository.Read($"src/FunctionsAuth.Protocol/{file}")).Select(match => match.Groups[1].Value).Where(name => !name.EndsWith("_supported", StringComparison.Ordinal)).Distinct().ToList();
        return names.Count > 0 ? names : throw new InvalidOperationException($"{file} writes nothing that ClaimsPage finds");
    }

    [GeneratedRegex(@"json\.Write\w+\(""(\w+)""")]
    private static partial Regex Writer();

    [GeneratedRegex(@"\[""(\w+)""\] = ")]
    private static partial Regex Index();

    [GeneratedRegex(@"\(""(\w+)"", [\w.(]+\)")]
    private static partial Regex Pair();

    [GeneratedRegex(@"const string Claim = ""(\w+)""")]
    private static partial Regex Claim();
}
