using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrdersApi;

/// <summary>
/// RFC 9449: a token with the claim cnf is bound to a key of the client. It is valid only with a proof, a JWT that the client signs with
/// this key for each request.
/// </summary>
internal static class DpopProof
{
    public static readonly string[] Algorithms = ["ES256", "PS256"];

    // Each instance of the API has its own memory. For several instances, use a cache that they share.
    private static readonly MemoryCache Used = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    // <dpop>
    /// <param name="resource">The public address of the API: a proof names the address that the client called.</param>
    public static JwtBearerEvents Events(string resource) => new()
    {
        OnMessageReceived = context =>
        {
            context.Token = TokenOf(context.Request); // null: JwtBearer looks for the scheme Bearer
            return Task.CompletedTask;
        },
        OnTokenValidated = async context =>
        {
            var token = (JsonWebToken)context.SecurityToken;
            var isBound = token.TryGetPayloadValue<JsonElement>("cnf", out var cnf);
            var isDpop = TokenOf(context.Request) is not null;
            if (isBound != isDpop || (isBound && !await IsProvenAsync(context.Request, resource, token.EncodedToken, cnf)))
                context.Fail("A token that is bound to a key needs the scheme DPoP and a proof. Other tokens need the scheme Bearer.");
        },
        OnChallenge = context =>
        {
            var error = context.AuthenticateFailure is not null && TokenOf(context.Request) is not null ? "error=\"invalid_token\", " : "";
            context.Response.Headers.Append("WWW-Authenticate", $"DPoP {error}algs=\"{string.Join(' ', Algorithms)}\"");
            return Task.CompletedTask; // JwtBearer adds its own challenge
        },
    };

    public static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("DPoP ", StringComparison.OrdinalIgnoreCase) ? header[5..].Trim() : null;

    private static async Task<bool> IsProvenAsync(HttpRequest request, string resource, string token, JsonElement cnf)
    {
        try
        {
            var proof = new JsonWebToken(request.Headers["DPoP"].Single());
            var jwk = new JsonWebKey(proof.GetHeaderValue<JsonElement>("jwk").GetRawText());
            var rules = new TokenValidationParameters
            {
                IssuerSigningKey = jwk,
                ValidAlgorithms = Algorithms,
                ValidTypes = ["dpop+jwt"],
                ValidateIssuer = false,
                ValidateAudience = false,
                ValidateLifetime = false,
            };
            var origin = new Uri(resource).GetLeftPart(UriPartial.Authority);
            return !jwk.HasPrivateKey
                && cnf.GetProperty("jkt").GetString() == Base64Url.EncodeToString(jwk.ComputeJwkThumbprint())
                && (await new JsonWebTokenHandler().ValidateTokenAsync(proof.EncodedToken, rules)).IsValid
                && proof.GetPayloadValue<string>("htm") == request.Method
                && proof.GetPayloadValue<string>("htu") == $"{origin}{request.PathBase}{request.Path}"
                && proof.GetPayloadValue<string>("ath") == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)))
                && Math.Abs(proof.GetPayloadValue<long>("iat") - DateTimeOffset.UtcNow.ToUnixTimeSeconds()) <= 60
                && proof.Id.Length > 0 && IsNew(proof.Id);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or KeyNotFoundException or JsonException or SecurityTokenException)
        {
            return false; // something is missing or malformed
        }
    }

    private static bool IsNew(string id)
    {
        var entry = new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(3) };
        lock (Used)
            return !Used.TryGetValue(id, out _) && Used.Set(id, true, entry) && Used.TryGetValue(id, out _); // false if the memory is full
    }
    // </dpop>
}
