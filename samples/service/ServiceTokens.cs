using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Service;

// <service>
/// <summary>Access tokens for a service that acts for itself. It signs with its private key instead of sending a secret (RFC 7523).</summary>
internal sealed class ServiceTokens(HttpClient http, string issuer, string clientId, JsonWebKey key, string scope)
{
    // A token that expires on its way to the API is of no use, so the next one is requested a little earlier.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1);
    private string token = "";
    private DateTimeOffset expires;

    /// <summary>How many tokens the server was asked for.</summary>
    public int Requests { get; private set; }

    public async Task<string> GetAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation); // many requests at once need one token
        try
        {
            if (DateTimeOffset.UtcNow + Early >= expires)
                await RequestAsync(cancellation);
            return token;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task RequestAsync(CancellationToken cancellation)
    {
        var metadata = await http.GetFromJsonAsync<Metadata>($"{issuer}/.well-known/openid-configuration", cancellation);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["scope"] = scope,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = Assertion(),
        });
        using var answer = await http.PostAsync(metadata!.TokenEndpoint, form, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"The server issued no token: {await answer.Content.ReadAsStringAsync(cancellation)}");
        var issued = await answer.Content.ReadFromJsonAsync<Issued>(cancellation);
        (token, expires) = (issued!.AccessToken, DateTimeOffset.UtcNow.AddSeconds(issued.ExpiresIn));
        Requests++;
    }

    /// <summary>A JWT that is good for one request and one minute, for this server only.</summary>
    private string Assertion() => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = clientId,
        Audience = issuer,
        Claims = new Dictionary<string, object> { ["sub"] = clientId, ["jti"] = Guid.NewGuid().ToString() },
        IssuedAt = DateTime.UtcNow,
        Expires = DateTime.UtcNow.AddMinutes(1),
        SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
    });

    private sealed record Metadata([property: JsonPropertyName("token_endpoint")] string TokenEndpoint);

    private sealed record Issued([property: JsonPropertyName("access_token")] string AccessToken, [property: JsonPropertyName("expires_in")] int ExpiresIn);
}
// </service>
