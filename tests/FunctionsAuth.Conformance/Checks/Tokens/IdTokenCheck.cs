using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;

namespace FunctionsAuth.Conformance.Checks.Tokens;

/// <summary>X-IDT: every ID token, wherever it comes from.</summary>
internal static class IdTokenCheck
{
    private static readonly string[] Protocol =
        ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "s_hash", "nbf", "jti", "sid", "txn"];

    public static async Task<CheckedJwt> VerifyAsync(Provider provider, SuiteClient client, string raw, AuthorizationParameters request)
    {
        var token = CheckedJwt.Read(raw);
        await JwtCheck.SignatureAsync(provider, client, token);
        JwtCheck.Times(token.Claims, ["iat", "exp"]);
        Assert.Equal(request.Nonce, token["nonce"]);
        Assert.Matches(@"^[\x21-\x7E]{1,255}\z", token.Subject);
        Names(token, request, carriesScopes: request.ResponseType == "id_token");
        return token;
    }

    /// <summary>It is bound to what came with it: OpenID Connect Core §3.1.3.6, §3.2.2.9 and §3.3.2.11.</summary>
    /// <param name="required">True in an authorization response; the token endpoint may leave the hashes out.</param>
    public static void Hashes(CheckedJwt token, AuthorizationParameters request, string? code, string? accessToken, bool required)
    {
        Hash(token, "c_hash", code, required);
        Hash(token, "at_hash", accessToken, required);
        Hash(token, "s_hash", request.State, required: false);
    }

    /// <summary>Hybrid: the ID token of the token endpoint tells of the same login (OpenID Connect Core §3.3.3.6).</summary>
    public static void SameLogin(CheckedJwt? front, CheckedJwt back)
    {
        if (front is not null)
            Assert.Equal((front["iss"], front["sub"], front["auth_time"], front["sid"]), (back["iss"], back["sub"], back["auth_time"], back["sid"]));
    }

    /// <summary>Right if it is there, and never of nothing.</summary>
    private static void Hash(CheckedJwt token, string name, string? value, bool required)
    {
        if (token[name] is null && !(required && value is not null))
            return;
        Assert.True(value is not null, $"There is a {name} of what was not issued");
        var half = SHA256.HashData(Encoding.ASCII.GetBytes(value)).AsSpan(0, 16);
        Assert.Equal(Base64Url.EncodeToString(half), token[name]);
    }

    /// <summary>Nobody learns from an ID token what he did not ask for.</summary>
    private static void Names(CheckedJwt token, AuthorizationParameters request, bool carriesScopes)
    {
        var scoped = carriesScopes ? StandardClaims.Of(request.Scopes) : [];
        Assert.Empty(token.Claims.Select(claim => claim.Key).Except([.. Protocol, .. scoped, .. request.IdTokenClaims]));
        Assert.Empty(((string[])[.. scoped, .. request.IdTokenClaims]).Except(token.Claims.Select(claim => claim.Key)));
        StandardClaims.ShouldBeWellFormed(token.Claims);
        if (token.Claims.ContainsKey("acr"))
            Assert.False(string.IsNullOrWhiteSpace(token.Claims["acr"]!.GetValue<string>()));
    }
}
