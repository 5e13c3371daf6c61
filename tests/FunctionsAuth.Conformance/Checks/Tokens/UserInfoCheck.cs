using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;

namespace FunctionsAuth.Conformance.Checks.Tokens;

/// <summary>X-UI: what userinfo tells: all that was asked for, nothing else, of the same person as the ID token.</summary>
internal static class UserInfoCheck
{
    public static async Task<JsonObject> VerifyAsync(Provider provider, SuiteClient client, Answer answer, Login login)
    {
        Assert.True(answer.Status == 200, $"{answer.Status}: {answer.Body} {answer.Headers.GetValueOrDefault("WWW-Authenticate")}");
        var claims = client.SignedUserInfo ? await SignedAsync(provider, client, answer) : Plain(answer);
        Claims(claims, login);
        return claims;
    }

    private static JsonObject Plain(Answer answer)
    {
        Assert.Equal("application/json", answer.MediaType);
        return answer.Json;
    }

    /// <summary>OpenID Connect Core §5.3.2.</summary>
    /// <returns>What is said of the person.</returns>
    private static async Task<JsonObject> SignedAsync(Provider provider, SuiteClient client, Answer answer)
    {
        Assert.Equal("application/jwt", answer.MediaType);
        var token = CheckedJwt.Read(answer.Body);
        Assert.Equal(client.Registration!["userinfo_signed_response_alg"]!.GetValue<string>(), token.Header["alg"]!.GetValue<string>());
        await JwtCheck.SignatureAsync(provider, client, token);
        Assert.DoesNotContain("nonce", token.Claims);
        JwtCheck.Times(token.Claims, token.Claims.ContainsKey("exp") ? ["iat", "exp"] : []);
        var claims = token.Claims.DeepClone().AsObject();
        foreach (var name in (string[])["iss", "aud", "iat", "exp", "nbf"])
            claims.Remove(name);
        return claims;
    }

    private static void Claims(JsonObject claims, Login login)
    {
        StandardClaims.ShouldBeWellFormed(claims);
        Assert.Contains("sub", claims);
        foreach (var token in ((CheckedJwt?[])[login.Front, login.Back]).OfType<CheckedJwt>())
            Assert.Equal(token.Subject, claims["sub"]!.GetValue<string>());
        IEnumerable<string> expected = [.. StandardClaims.Of(login.Request.Scopes), .. login.Request.UserInfoClaims, "sub"];
        Assert.Equal(expected.Distinct().Order(StringComparer.Ordinal), claims.Select(claim => claim.Key).Order(StringComparer.Ordinal));
    }
}
