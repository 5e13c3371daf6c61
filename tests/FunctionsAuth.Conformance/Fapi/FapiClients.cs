using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>A client of a FAPI 2.0 plan, with the key that it signs with.</summary>
/// <param name="Certificate">Of the key; null in plans without certificates.</param>
public sealed record FapiClient(string Id, string RedirectUri, FapiKey Key, X509Certificate2? Certificate)
{
    /// <summary>As the checks of tokens know it.</summary>
    public SuiteClient ForChecks => new() { Id = Id, AuthMethod = Certificate is null ? "private_key_jwt" : "mtls", RedirectUri = RedirectUri };
}

/// <summary>The two clients of a plan: one with RSA and one with EC, whose redirect URI has a query.</summary>
internal sealed record FapiClients(FapiClient First, FapiClient Second)
{
    private static readonly ConcurrentDictionary<Type, FapiClients> All = new();

    public static FapiClients Of(Type plan) => All.GetOrAdd(plan, Make);

    /// <summary>As members of the import file.</summary>
    public static IEnumerable<JsonNode> ToImport(Type plan) => ((FapiClient[])[Of(plan).First, Of(plan).Second]).Select(client => Import(client, plan));

    private static FapiClients Make(Type plan)
    {
        var alias = Inbox.AliasOf(plan);
        var hasCertificates = plan.GetCustomAttribute<FapiPlanAttribute>() is { CertificateAuth: true } or { CertificateBound: true };
        return new FapiClients(Client($"{alias}-1", Inbox.CallbackOf(alias), FapiKey.Rsa(), bySelf: false), Client($"{alias}-2", $"{Inbox.CallbackOf(alias)}?dummy1=lorem&dummy2=ipsum", FapiKey.Ec(), bySelf: true));

        FapiClient Client(string id, string redirectUri, FapiKey key, bool bySelf) => new(id, redirectUri, key, hasCertificates ? key.Certify(SubjectOf(id), bySelf) : null);
    }

    private static string SubjectOf(string id) => $"CN={id},O=Suite";

    private static JsonObject Import(FapiClient client, Type type)
    {
        var plan = type.GetCustomAttribute<FapiPlanAttribute>()!;
        var json = new JsonObject
        {
            ["client_id"] = client.Id,
            ["client_name"] = $"Conformance suite {client.Id}",
            ["token_endpoint_auth_method"] = "private_key_jwt",
            ["jwks"] = client.Key.Jwks(),
            ["id_token_claims"] = new JsonArray(),
        };
        if (plan.CertificateAuth && client == Of(type).First)
            (json["token_endpoint_auth_method"], json["tls_client_auth_subject_dn"]) = ("tls_client_auth", SubjectOf(client.Id));
        else if (plan.CertificateAuth)
            json["token_endpoint_auth_method"] = "self_signed_tls_client_auth";
        if (plan.CertificateBound)
            json["tls_client_certificate_bound_access_tokens"] = true;
        if (plan.Rar)
            json["authorization_details_types"] = new JsonArray("account_information");
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
