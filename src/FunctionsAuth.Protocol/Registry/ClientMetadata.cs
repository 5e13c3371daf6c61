using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Rules;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>
/// The metadata that a client sends in a registration (RFC 7591 §2) or in its metadata document. Only members that a client may decide on are read.
/// All others are ignored, above all those that only an operator can set. As with parameters, an empty value counts as absent, and so does null (RFC
/// 7592 §2.2).
/// </summary>
public sealed class ClientMetadata
{
    /// <summary>RFC 7591 §2, OpenID Connect Registration §2, JARM §3, RFC 9101 §10.5, RFC 9126 §6, and the three logout specifications.</summary>
    private static readonly string[] Members =
    [
        "redirect_uris", "token_endpoint_auth_method", "token_endpoint_auth_signing_alg", "grant_types", "response_types", "client_name", "client_uri", "logo_uri",
        "scope", "contacts", "tos_uri", "policy_uri", "jwks_uri", "jwks", "software_id", "software_version", "application_type", "sector_identifier_uri",
        "subject_type", "id_token_signed_response_alg", "userinfo_signed_response_alg", "authorization_signed_response_alg", "request_object_signing_alg", "default_max_age", "default_acr_values",
        "initiate_login_uri", "request_uris", "require_pushed_authorization_requests", "dpop_bound_access_tokens", "tls_client_certificate_bound_access_tokens", "require_signed_request_object", "post_logout_redirect_uris",
        "backchannel_logout_uri", "backchannel_logout_session_required", "frontchannel_logout_uri", "frontchannel_logout_session_required",
    ];

    private readonly JsonElement root;

    private ClientMetadata(JsonElement root) => this.root = root;

    /// <exception cref="Errors.OAuthException"><c>invalid_client_metadata</c>: it is not a JSON object.</exception>
    public static ClientMetadata Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var root = StrictJson.Parse(utf8);
            return root.ValueKind == JsonValueKind.Object ? new ClientMetadata(root) : throw RegistrationError.InvalidMetadata("The metadata must be a JSON object");
        }
        catch (JsonException)
        {
            throw RegistrationError.InvalidMetadata("The metadata is not valid JSON, or has the same member twice");
        }
    }

    public bool Has(string member) => root.TryGetProperty(member, out var value) && !IsEmpty(value);

    /// <summary>A string member, or null.</summary>
    public string? Text(string member) => root.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A member that is an array of strings; empty if absent.</summary>
    public IReadOnlyList<string> Texts(string member) => root.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
        : [];

    /// <summary>
    /// The client that the metadata describes, with the defaults of RFC 7591 §2, and without a scope if it names none. Only the types of the members
    /// have been checked.
    /// </summary>
    /// <exception cref="Errors.OAuthException">A member has the wrong type.</exception>
    public Client ToClient(string clientId)
    {
        var members = root.EnumerateObject().Where(member => (Members.Contains(member.Name) || IsLocalName(member.Name)) && !IsEmpty(member.Value)).ToDictionary(member => member.Name, member => member.Value);
        members[Parameter.ClientId] = JsonSerializer.SerializeToElement(clientId);
        var kept = LocalTexts.Gather(JsonSerializer.SerializeToElement(members));
        new JsonShape(RecordJson.Options, (path, problem) => throw RegistrationError.For(path, problem)).Fits(kept, "", typeof(Client));
        var client = kept.Deserialize<Client>(RecordJson.Options)!;
        return Has(Parameter.Scope) ? client : client with { Scope = "" };
    }

    /// <summary>The registered metadata in the form of a response (RFC 7591 §3.2.1).</summary>
    public static JsonObject Write(Client client)
    {
        var all = JsonSerializer.SerializeToNode(client, RecordJson.Options)!.AsObject();
        var written = new JsonObject { [Parameter.ClientId] = client.ClientId };
        foreach (var name in Members)
        {
            if (all[name] is { } value and not JsonArray { Count: 0 })
                written[name] = value.DeepClone();
        }
        foreach (var (name, text) in client.Localized ?? new Dictionary<string, string>())
            written[name] = text;
        return written;
    }

    /// <summary>OpenID Connect Registration §2.1: of the texts that a client can send in several languages, pages show only the name.</summary>
    private static bool IsLocalName(string member) => member.StartsWith("client_name#", StringComparison.Ordinal);

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""));
}
