using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Checks;

/// <summary>X-DCR: answers of the registration endpoint (OpenID Connect Registration §3.2 and §3.3).</summary>
internal static class RegistrationCheck
{
    public static JsonObject Success(Answer answer)
    {
        Assert.True(answer.Status == 201, $"{answer.Status}: {answer.Body}");
        Assert.Equal("application/json", answer.MediaType);
        var json = answer.Json;
        Assert.False(json.ContainsKey("error"));
        Assert.NotEqual("", json["client_id"]!.GetValue<string>());
        Assert.Equal(json.ContainsKey("registration_client_uri"), json.ContainsKey("registration_access_token"));
        if (json.ContainsKey("registration_client_uri"))
        {
            DiscoveryCheck.HttpsUrl(json, "registration_client_uri");
            Assert.NotEqual("", json["registration_access_token"]!.GetValue<string>());
        }
        if (json.ContainsKey("client_secret"))
            Assert.Equal(JsonValueKind.Number, json["client_secret_expires_at"]?.GetValueKind());
        return json;
    }

    public static void Error(Answer answer, params string[] errors)
    {
        Assert.True(answer.Status == 400, $"{answer.Status}: {answer.Body}");
        Assert.Equal("application/json", answer.MediaType);
        Assert.Contains(answer.Json["error"]!.GetValue<string>(), errors);
    }
}
