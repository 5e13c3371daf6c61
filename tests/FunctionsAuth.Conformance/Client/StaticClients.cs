using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Client;

/// <summary>The clients of a plan that registers none itself: two that are alike, and one that sends its secret in the body.</summary>
internal sealed class StaticClients
{
    private readonly PlanAttribute plan;

    public StaticClients(Type type)
    {
        plan = PlanAttribute.Of(type);
        var alias = Inbox.AliasOf(type);
        First = Client($"{alias}-1", alias, plan.AuthMethod);
        Second = Client($"{alias}-2", alias, plan.AuthMethod);
        Post = Client($"{alias}-post", alias, "client_secret_post");
    }

    public SuiteClient First { get; }

    public SuiteClient Second { get; }

    public SuiteClient Post { get; }

    /// <summary>As members of the import file: docs/import.md.</summary>
    public IEnumerable<JsonNode> ToImport() => ((SuiteClient[])[First, Second, Post]).Select(client => new JsonObject
    {
        ["client_id"] = client.Id,
        ["client_name"] = $"Conformance suite {client.Id}",
        ["client_secret"] = client.Secret,
        ["token_endpoint_auth_method"] = client.AuthMethod,
        ["redirect_uris"] = new JsonArray(client.RedirectUri),
        ["post_logout_redirect_uris"] = new JsonArray(Inbox.PostLogoutRedirectUriOf(client)),
        ["grant_types"] = new JsonArray([.. plan.GrantTypes.Select(type => (JsonNode)type)]),
        ["response_types"] = new JsonArray(plan.ResponseType),
        ["scope"] = plan.HasCode ? "openid profile email address phone offline_access" : "openid profile email address phone",
        ["id_token_claims"] = new JsonArray(), // the suite warns of claims that it did not ask for
        ["require_pkce"] = false, // the suite sends none
    });

    private static SuiteClient Client(string id, string alias, string authMethod) => new()
    {
        Id = id,
        Secret = $"{id}-secret-of-at-least-32-characters",
        AuthMethod = authMethod,
        RedirectUri = Inbox.CallbackOf(alias),
    };
}
