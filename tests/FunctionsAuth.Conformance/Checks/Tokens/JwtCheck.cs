using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Conformance.Checks.Tokens;

/// <summary>What all JWTs of the server have in common: ID tokens, logout tokens, signed userinfo.</summary>
internal static class JwtCheck
{
    private const long Skew = 5 * 60;
    private const long Year = 31_536_000;

    private static readonly JsonWebTokenHandler Handler = new();

    /// <summary>By the very key of the JWKS that the header names; for this client, from this server.</summary>
    public static async Task SignatureAsync(Provider provider, SuiteClient client, CheckedJwt token)
    {
        var kid = token.Header["kid"]!.GetValue<string>();
        var algorithm = token.Header["alg"]!.GetValue<string>();
        var key = Assert.Single(provider.Keys.Keys, one => one.Kid == kid);
        Assert.True(key.Use is null or "sig", $"The key {kid} is not for signatures");
        Assert.True(key.Alg is null || key.Alg == algorithm, $"The key {kid} is for {key.Alg}, and the token has {algorithm}");
        var result = await Handler.ValidateTokenAsync(token.Raw, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = client.Id,
            ValidAlgorithms = ["RS256", "PS256", "ES256"],
            IssuerSigningKey = key,
            ValidateLifetime = false, // Times does that, for what has no exp, too
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        // The library takes one that ends in a slash for the same.
        Assert.Equal(provider.Issuer, token["iss"]);
    }

    /// <summary>The moments that it tells are JSON numbers, and sensible.</summary>
    /// <param name="required">Those that it must have.</param>
    public static void Times(JsonObject claims, params string[] required)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.All(required, name => Assert.True(claims.ContainsKey(name), $"There is no {name}"));
        InRange("exp", now - Skew, now + (50 * Year));
        InRange("iat", now - Skew, now + Skew);
        InRange("nbf", now - Year, now + Skew);
        InRange("auth_time", now - Year, now + Skew);

        void InRange(string name, long from, long to)
        {
            if (claims[name] is not { } value)
                return;
            Assert.Equal(JsonValueKind.Number, value.GetValueKind());
            Assert.InRange(value.GetValue<long>(), from, to);
        }
    }
}
