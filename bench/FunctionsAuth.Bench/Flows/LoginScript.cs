using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Flows;

/// <summary>A person signs in: an authorization request, the login page, and its form. The form counts, so the processor time of all three is that of a login.</summary>
/// <param name="passkey">Null: with the password.</param>
internal sealed class LoginScript(Site site, StoredPasskey? passkey) : IScript
{
    public const int Requests = 3;

    // User present, user verified, backup eligible, backed up: WebAuthn Level 3 §6.1.
    private const byte Flags = 0x1D;

    public async ValueTask RunAsync(Sender send)
    {
        // A browser gets cookies only at the server's own address.
        var host = $"Host: localhost:{site.Port}";
        var begun = (await send.Aside(Load.Requests.Get($"{site.Authorize}?{Clients.SilentRequest}&prompt=login", host))).ExpectRedirect();
        var (address, cookie) = (new Uri(begun.Location).PathAndQuery, $"Cookie: {begun.Cookies}");
        var page = (await send.Aside(Load.Requests.Get(address, host, cookie))).Expect(200);
        var form = $"request={page.Text("name=\"request\" value=\"", '"')}&form_token={page.Text("name=\"form_token\" value=\"", '"')}&{(passkey is null ? WithPassword() : WithPasskey(passkey, page))}";
        (await send.Counted(Load.Requests.Post("/login", form, host, cookie))).ExpectRedirect();
    }

    private static string WithPassword() => $"username={Clients.Username}&password={Clients.Password}&action=login";

    private string WithPasskey(StoredPasskey own, Reply page)
    {
        var challenge = page.Text("data-challenge=\"", '"');
        var clientData = Encoding.UTF8.GetBytes($$"""{"type":"webauthn.get","challenge":"{{challenge}}","origin":"http://localhost:{{site.Port}}","crossOrigin":false}""");
        byte[] data = [.. SHA256.HashData("localhost"u8), Flags, 0, 0, 0, 0];
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(own.PrivateKey, out _);
        var signature = key.SignData([.. data, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return string.Join('&',
            "action=passkey", $"passkey_at={page.Text("name=\"passkey_at\" value=\"", '"')}", $"passkey_id={Base64Url.EncodeToString(own.Id)}",
            $"passkey_client_data={Base64Url.EncodeToString(clientData)}", $"passkey_authenticator_data={Base64Url.EncodeToString(data)}",
            $"passkey_signature={Base64Url.EncodeToString(signature)}", $"passkey_user_handle={Base64Url.EncodeToString(own.UserHandle)}");
    }
}
