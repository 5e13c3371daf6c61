using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Party;

/// <summary>Registers clients as the suite does, and deletes them at the end.</summary>
public sealed class Registrar(Provider provider, PlanAttribute plan, Inbox inbox)
{
    private readonly List<JsonObject> registered = [];

    /// <param name="changes">Members beside the usual ones, or instead of them.</param>
    public async Task<SuiteClient> RegisterAsync(JsonObject changes)
    {
        var metadata = Metadata(changes);
        var json = RegistrationCheck.Success(await PostAsync(metadata));
        registered.Add(json);
        return new SuiteClient
        {
            Id = json["client_id"]!.GetValue<string>(),
            Secret = json["client_secret"]?.GetValue<string>(),
            AuthMethod = metadata["token_endpoint_auth_method"]!.GetValue<string>(),
            RedirectUri = metadata["redirect_uris"]![0]!.GetValue<string>(),
            Registration = json,
        };
    }

    /// <summary>The answer to a registration, whatever it is.</summary>
    public Task<Answer> TryAsync(JsonObject changes) => PostAsync(Metadata(changes));

    /// <summary>RFC 7592 §2.1: the registration as it stands.</summary>
    public static Task<Answer> ReadAsync(SuiteClient client) => ManageAsync(client.Registration!, HttpMethod.Get);

    public async Task DeleteAllAsync()
    {
        foreach (var registration in registered)
            Assert.Equal(204, (await ManageAsync(registration, HttpMethod.Delete)).Status);
    }

    private JsonObject Metadata(JsonObject changes)
    {
        var metadata = new JsonObject
        {
            ["client_name"] = "Conformance suite",
            ["grant_types"] = new JsonArray([.. plan.GrantTypes.Where(type => type != "refresh_token").Select(type => (JsonNode)type)]),
            ["jwks"] = SuiteKey.Shared.Jwks(),
            ["token_endpoint_auth_method"] = plan.AuthMethod,
            ["response_types"] = new JsonArray(plan.ResponseType),
            ["redirect_uris"] = new JsonArray(inbox.CallbackUri),
            ["contacts"] = new JsonArray("suite@suite.example"),
        };
        foreach (var (name, value) in changes)
            metadata[name] = value?.DeepClone();
        // jwks and jwks_uri exclude each other (RFC 7591 §2).
        if (changes.ContainsKey("jwks_uri"))
            metadata.Remove("jwks");
        return metadata;
    }

    private Task<Answer> PostAsync(JsonObject metadata) => SuiteHttp.SendForJsonAsync(new HttpRequestMessage(HttpMethod.Post, provider.Text("registration_endpoint"))
    {
        Content = new StringContent(metadata.ToJsonString(), Encoding.UTF8, "application/json"),
    });

    private static Task<Answer> ManageAsync(JsonObject registration, HttpMethod method)
    {
        var request = new HttpRequestMessage(method, registration["registration_client_uri"]!.GetValue<string>());
        request.Headers.Authorization = new("Bearer", registration["registration_access_token"]!.GetValue<string>());
        return SuiteHttp.SendForJsonAsync(request);
    }
}
