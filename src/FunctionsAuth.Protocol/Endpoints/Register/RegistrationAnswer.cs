using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Registry;

namespace FunctionsAuth.Protocol.Endpoints.Register;

/// <summary>The client information response: RFC 7591 §3.2.1 and RFC 7592 §3.</summary>
internal static class RegistrationAnswer
{
    public const string ClientSecret = "client_secret";

    /// <param name="client">As it is stored.</param>
    /// <param name="token">The registration access token that the client must use from now on.</param>
    /// <param name="secret">The secret of the client, if it is known.</param>
    public static JsonObject Of(Client client, byte[] token, string? secret, ServerUrls urls)
    {
        var answer = ClientMetadata.Write(client);
        answer["client_id_issued_at"] = client.Registration!.RegisteredAt.ToUnixTimeSeconds();
        if (secret is not null)
        {
            answer[ClientSecret] = secret;
            answer["client_secret_expires_at"] = 0; // never
        }
        answer["registration_client_uri"] = $"{urls.Of(Routes.Register)}/{client.ClientId}";
        answer["registration_access_token"] = RegistrationToken.Encode(token);
        return answer;
    }
}
