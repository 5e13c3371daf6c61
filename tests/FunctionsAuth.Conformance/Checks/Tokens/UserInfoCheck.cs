using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;

namespace FunctionsAuth.Conformance.Checks.Tokens;

/// <summary>X-UI: what userinfo tells: all that was asked for, nothing else, of the same person as the ID token.</summary>
internal static class UserInfoCheck
{
    public static JsonObject Verify(Answer answer, Login login)
    {
        Assert.True(answer.Status == 200, $"{answer.Status}: {answer.Body} {answer.Headers.GetValueOrDefault("WWW-Authenticate")}");
        Assert.Equal("application/json", answer.MediaType);
        Claims(answer.Json, login);
        return answer.Json;
    }

    public static void Claims(JsonObject claims, Login login)
    {
        StandardClaims.ShouldBeWellFormed(claims);
        Assert.Contains("sub", claims);
        foreach (var token in ((CheckedJwt?[])[login.Front, login.Back]).OfType<CheckedJwt>())
            Assert.Equal(token.Subject, claims["sub"]!.GetValue<string>());
        IEnumerable<string> expected = [.. StandardClaims.Of(login.Request.Scopes), .. login.Request.UserInfoClaims, "sub"];
        Assert.Equal(expected.Distinct().Order(StringComparer.Ordinal), claims.Select(claim => claim.Key).Order(StringComparer.Ordinal));
    }
}
