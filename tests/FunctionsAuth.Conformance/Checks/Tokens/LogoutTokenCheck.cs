using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;

namespace FunctionsAuth.Conformance.Checks.Tokens;

/// <summary>Back-Channel Logout §2.4 and §2.5: what the server posts when a session ends.</summary>
internal static class LogoutTokenCheck
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    public static async Task VerifyAsync(Provider provider, SuiteClient client, Received request, Login login)
    {
        Assert.Equal("POST", request.Method);
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType?.Split(';')[0]);
        var parameter = Assert.Single(request.FormParameters);
        Assert.Equal("logout_token", parameter.Key);
        var token = CheckedJwt.Read(parameter.Value);
        await JwtCheck.SignatureAsync(provider, client, token);
        JwtCheck.Times(token.Claims, "iat", "exp");
        Assert.False(string.IsNullOrEmpty(token.Claims["jti"]!.GetValue<string>()));
        var happened = Assert.Single(token.Claims["events"]!.AsObject());
        Assert.Equal(Event, happened.Key);
        Assert.Empty(Assert.IsType<JsonObject>(happened.Value));
        Assert.DoesNotContain("nonce", token.Claims);
        // The client asked for a sid; the sub is the same person's.
        Assert.Equal(login.IdToken["sid"], token["sid"]);
        Assert.NotNull(token["sid"]);
        if (token["sub"] is { } subject)
            Assert.Equal(login.IdToken.Subject, subject);
    }
}
