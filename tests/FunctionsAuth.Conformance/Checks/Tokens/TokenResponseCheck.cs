using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Checks.Tokens;

/// <summary>X-TOK: a successful answer of the token endpoint. What the suite asks of refreshed tokens alone, here every answer must have.</summary>
internal static class TokenResponseCheck
{
    private const long Year = 31_536_000;

    public static JsonObject Verify(Answer answer, bool mustHaveIdToken = true, string tokenType = "Bearer")
    {
        Assert.True(answer.Status == 200, $"{answer.Status}: {answer.Body}");
        Assert.Equal("application/json", answer.MediaType);
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        var json = answer.Json;
        Assert.False(json.ContainsKey("error"));
        AccessToken(json["access_token"]!.GetValue<string>());
        Assert.Equal(tokenType, json["token_type"]!.GetValue<string>());
        Assert.Equal(JsonValueKind.Number, json["expires_in"]!.GetValueKind());
        Assert.InRange(json["expires_in"]!.GetValue<long>(), 1, Year);
        if (json["refresh_token"]?.GetValue<string>() is { } refreshToken)
            Token("refresh token", refreshToken);
        if (mustHaveIdToken)
            Assert.Contains("id_token", json);
        return json;
    }

    /// <summary>An access token in an authorization response (RFC 6749 §4.2.2).</summary>
    public static void InFragment(IReadOnlyDictionary<string, string> response)
    {
        AccessToken(response["access_token"]);
        Assert.Equal("Bearer", response["token_type"]);
        Assert.InRange(long.Parse(response["expires_in"], System.Globalization.CultureInfo.InvariantCulture), 1, Year);
    }

    private static void AccessToken(string token) => Token("access token", token);

    private static void Token(string what, string token)
    {
        Entropy.ShouldBeEnough(what, token);
        Assert.Matches(@"^[\x20-\x7E]+\z", token);
    }
}
