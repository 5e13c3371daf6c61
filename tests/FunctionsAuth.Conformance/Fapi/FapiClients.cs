using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>A client of a FAPI 2.0 plan, with the key that it signs with.</summary>
public sealed record FapiClient(string Id, string RedirectUri, FapiKey Key)
{
    /// <summary>As the checks of tokens know it.</summary>
    public SuiteClient ForChecks => new() { Id = Id, AuthMethod = "private_key_jwt", RedirectUri = RedirectUri };
}

/// <summary>The two clients of a plan: one with RSA and one with EC, whose redirect URI has a query.</summary>
internal sealed record FapiClients(FapiClient First, FapiClient Second)
{
    private static readonly ConcurrentDictionary<Type, FapiClients> All = new();

    public static FapiClients Of(Type plan) => All.GetOrAdd(plan, Make);

    /// <summary>As members of the import file.</summary>
    public static IEnumerable<JsonNode> ToImport(Type plan) => ((FapiClient[])[Of(plan).First, Of(plan).Second]).Select(client => Import(client, plan.GetCustomAttribute<FapiPlanAttribute>()!));

    private static FapiClients Make(Type plan)
    {
        var alias = Inbox.AliasOf(plan);
        return new FapiClients(
            new FapiClient($"{alias}-1", Inbox.CallbackOf(alias), FapiKey.Rsa()),
            new FapiClient($"{alias}-2", $"{Inbox.CallbackOf(alias)}?dummy1=lorem&dummy2=ipsum", FapiKey.Ec()));
    }

    private static JsonObject Import(FapiClient client, FapiPlanAttribute plan)
    {
        var json = new JsonObject
        {
            ["client_id"] = client.Id,
            ["client_name"] = $"Conformance suite {client.Id}",
            ["token_endpoint_auth_method"] = "private_key_jwt",
            ["jwks"] = client.Key.Jwks(),
            ["id_token_claims"] = new JsonArray(),
        };
        if (plan.SignsMessages)
            json["profile"] = "fapi2_message_signing";
        if (plan.ClientCredentials)
        {
            json["grant_types"] = new JsonArray("client_credentials");
            json["scope"] = "accounts";
            return json;
        }
        json["redirect_uris"] = new JsonArray(client.RedirectUri);
        json["grant_types"] = new JsonArray("authorization_code", "refresh_token");
        json["scope"] = "openid profile email address phone offline_access";
        return json;
    }
}
