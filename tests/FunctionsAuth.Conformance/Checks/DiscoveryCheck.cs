using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Checks;

/// <summary>X-DISC: the metadata document. The numbers are those of the suite's rules.</summary>
internal static class DiscoveryCheck
{
    private const string WellKnown = "/.well-known/openid-configuration";

    private static readonly string[] Texts = ["issuer", "check_session_iframe", "service_documentation", "op_policy_uri", "op_tos_uri", "jwks_uri"];

    /// <summary>What every module needs before it begins.</summary>
    public static void Basics(Answer answer)
    {
        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.MediaType); // D1
        var metadata = answer.Json;
        foreach (var name in (string[])["issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"])
            HttpsUrl(metadata, name); // D11
    }

    /// <param name="dynamic">For a plan whose clients register themselves.</param>
    public static void Full(Answer answer, Uri url, bool dynamic)
    {
        Basics(answer);
        var metadata = answer.Json;
        Issuer(metadata, url);
        Assert.Empty(metadata.Select(member => member.Key).Except(MetadataNames.All)); // D6
        foreach (var (name, value) in metadata)
            Member(metadata, name, value);
        ResponseTypes(metadata, dynamic);
        Assert.NotEmpty(List(metadata, "subject_types_supported").Intersect(["public", "pairwise"])); // D8
        Assert.Contains("RS256", List(metadata, "id_token_signing_alg_values_supported")); // D9
        if (metadata.ContainsKey("request_object_signing_alg_values_supported"))
            Assert.Contains("RS256", List(metadata, "request_object_signing_alg_values_supported")); // D14
        Assert.NotEmpty(List(metadata, "claims_supported")); // D15
        Assert.Contains("openid", List(metadata, "scopes_supported")); // D17
        Assert.All(List(metadata, "scopes_supported"), scope => Assert.Matches(@"^[\x21\x23-\x5B\x5D-\x7E]+\z", scope));
        Assert.All(Locales(metadata), locale => Assert.Matches("^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\\z", locale)); // D18
        if (metadata.ContainsKey("code_challenge_methods_supported"))
            Assert.NotEmpty(List(metadata, "code_challenge_methods_supported").Intersect(["S256", "plain"])); // D19
    }

    /// <summary>D12 for every endpoint, and for those that a plan needs.</summary>
    public static void HttpsEndpoints(JsonObject metadata, params string[] required)
    {
        foreach (var name in metadata.Select(member => member.Key).Where(IsEndpoint).Concat(required))
            HttpsUrl(metadata, name);
    }

    /// <summary>D11 and D12: an https URL with a host.</summary>
    public static void HttpsUrl(JsonObject metadata, string name)
    {
        var text = metadata[name]?.GetValue<string>();
        Assert.True(
            Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.Host.Length > 0 && url.Fragment.Length == 0,
            $"{name} is no https URL: {text}");
    }

    /// <summary>D2 to D4.</summary>
    private static void Issuer(JsonObject metadata, Uri url)
    {
        Assert.EndsWith(WellKnown, url.AbsolutePath, StringComparison.Ordinal);
        HttpsUrl(metadata, "issuer");
        var issuer = metadata["issuer"]!.GetValue<string>();
        Assert.Equal(url.OriginalString, issuer + WellKnown);
        Assert.Equal(("", ""), (new Uri(issuer).Query, new Uri(issuer).UserInfo));
    }

    /// <summary>D5, D10 and D12: each member has the type that its name stands for.</summary>
    private static void Member(JsonObject metadata, string name, JsonNode? value)
    {
        if (IsEndpoint(name))
            HttpsUrl(metadata, name);
        else if (Texts.Contains(name))
            Assert.Equal(JsonValueKind.String, value?.GetValueKind());
        else if (value is JsonArray)
            Assert.Equal(List(metadata, name).Count, List(metadata, name).Distinct().Count());
        else
            Assert.True(value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False, $"{name} is {value}");
    }

    /// <summary>D7 and D16: OpenID Connect Discovery §3 wants these of every dynamic provider.</summary>
    private static void ResponseTypes(JsonObject metadata, bool dynamic)
    {
        var types = List(metadata, "response_types_supported").Select(type => string.Join(' ', type.Split(' ').Order(StringComparer.Ordinal))).ToList();
        var grants = List(metadata, "grant_types_supported");
        Assert.Contains("code", types);
        Assert.Contains("authorization_code", grants);
        if (!dynamic)
            return;
        Assert.Contains("id_token", types);
        Assert.Contains("id_token token", types);
        Assert.Contains("implicit", grants);
        HttpsUrl(metadata, "registration_endpoint");
    }

    private static bool IsEndpoint(string name) => name.EndsWith("_endpoint", StringComparison.Ordinal);

    private static IEnumerable<string> Locales(JsonObject metadata) =>
        ((string[])["ui_locales_supported", "claims_locales_supported"]).Where(metadata.ContainsKey).SelectMany(name => List(metadata, name));

    private static List<string> List(JsonObject metadata, string name) =>
        [.. Assert.IsType<JsonArray>(metadata[name]).Select(item => item!.GetValue<string>())];
}
