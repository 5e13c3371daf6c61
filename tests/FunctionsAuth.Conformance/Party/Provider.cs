using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Running;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Conformance.Party;

/// <summary>The server under test as its metadata and its keys tell it, both fetched and checked for each module.</summary>
public sealed record Provider(JsonObject Metadata, JsonWebKeySet Keys)
{
    public string Issuer => Text("issuer");

    public string AuthorizationEndpoint => Text("authorization_endpoint");

    public string TokenEndpoint => Text("token_endpoint");

    public string UserInfoEndpoint => Text("userinfo_endpoint");

    public string EndSessionEndpoint => Text("end_session_endpoint");

    public static async Task<Provider> LoadAsync(ServerProcess server)
    {
        var answer = await SuiteHttp.GetAsync($"{server.Issuer}/.well-known/openid-configuration");
        DiscoveryCheck.Basics(answer);
        var metadata = answer.Json;
        var jwks = await SuiteHttp.GetAsync(metadata["jwks_uri"]!.GetValue<string>());
        JwksCheck.Verify(jwks);
        return new Provider(metadata, new JsonWebKeySet(jwks.Body));
    }

    public string Text(string name) => Metadata[name]?.GetValue<string>() ?? throw new InvalidOperationException($"The metadata has no {name}.");

    /// <summary>The strings of a list, none when it is absent.</summary>
    public IReadOnlyList<string> List(string name) => Metadata[name] is JsonArray list ? [.. list.Select(item => item!.GetValue<string>())] : [];

    /// <summary>True only for a boolean that is true.</summary>
    public bool IsOn(string name) => Metadata[name]?.GetValueKind() == System.Text.Json.JsonValueKind.True;
}
