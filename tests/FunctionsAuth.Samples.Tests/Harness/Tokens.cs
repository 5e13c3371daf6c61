using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Samples.Tests.Harness;

/// <summary>Access tokens that the samples do not get by themselves, and proofs for tokens that are bound to a key.</summary>
internal sealed class Tokens(Shop shop) : IDisposable
{
    private const string RedirectUri = "http://localhost:5173/";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly HttpClient http = new() { BaseAddress = shop.Issuer };

    /// <summary>A token of a client that acts for itself.</summary>
    public Task<string> OfServiceAsync(string scope, bool isBound = false) => RequestAsync(isBound, new()
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = "sample-service",
        ["client_secret"] = "sample-service-secret-0123456789-abcdef",
        ["scope"] = scope,
    });

    /// <summary>A token of alice, who signs in to the single-page app with a password.</summary>
    public async Task<string> OfAliceAsync(string scope)
    {
        using var alice = new Person();
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var page = await alice.SignInAsync(new Uri(shop.Issuer, QueryHelpers.AddQueryString("authorize", new Dictionary<string, string?>
        {
            ["client_id"] = "sample-spa",
            ["response_type"] = "code",
            ["redirect_uri"] = RedirectUri,
            ["scope"] = scope,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        })));
        return await RequestAsync(false, new()
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "sample-spa",
            ["code"] = QueryHelpers.ParseQuery(page.Url.Query)["code"].ToString(),
            ["redirect_uri"] = RedirectUri,
            ["code_verifier"] = verifier,
        });
    }

    public string Proof(HttpMethod method, Uri url, string? token = null)
    {
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(key));
        var claims = new Dictionary<string, object> { ["jti"] = Guid.NewGuid().ToString(), ["htm"] = method.Method, ["htu"] = url.AbsoluteUri };
        if (token is not null)
            claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "dpop+jwt",
            AdditionalHeaderClaims = new Dictionary<string, object> { ["jwk"] = new Dictionary<string, object> { ["kty"] = jwk.Kty, ["crv"] = jwk.Crv, ["x"] = jwk.X, ["y"] = jwk.Y } },
            Claims = claims,
            IssuedAt = DateTime.UtcNow,
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
        });
    }

    public void Dispose()
    {
        http.Dispose();
        key.Dispose();
    }

    private async Task<string> RequestAsync(bool isBound, Dictionary<string, string> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "token") { Content = new FormUrlEncodedContent(fields) };
        if (isBound)
            request.Headers.Add("DPoP", Proof(HttpMethod.Post, new Uri(shop.Issuer, "token")));
        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(body)!["access_token"]!.GetValue<string>() : throw new InvalidOperationException(body);
    }
}
