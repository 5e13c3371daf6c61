using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Passkeys;

/// <summary>
/// What is wrong in one point, and signed by the right key all the same: each is refused, when a passkey is made and when it signs in.
/// </summary>
public sealed class PasskeyMutationTests
{
    private const int Flags = 32;
    private const int Credential = 37;

    private static readonly (string From, string To)[] ClientDataChanges =
    [
        ("\"type\":\"webauthn.", "\"type\":\"payment."),
        ("\"type\":\"webauthn.get\"", "\"type\":\"webauthn.create\""),
        ("\"type\":\"webauthn.create\"", "\"type\":\"webauthn.get\""),
        ("\"type\":\"webauthn.", "\"type\":\" webauthn."),
        ("\"type\":", "\"kind\":"),
        ("{\"type\"", "{\"type\":\"webauthn.get\",\"type\""),
        ("\"challenge\":\"", "\"challenge\":\"A"),
        ("\",\"origin\"", "=\",\"origin\""),
        ("\"challenge\":", "\"answer\":"),
        ("\"challenge\":\"", "\"challenge\":null,\"former\":\""),
        ("https://login.example", "http://login.example"),
        ("https://login.example", "https://login.example/"),
        ("https://login.example", "https://login.example:443"),
        ("https://login.example", "https://badlogin.example"),
        ("https://login.example", "https://sub.login.example"),
        ("https://login.example", "https://example"),
        ("https://login.example", "https://login.example.evil.example"),
        ("https://login.example", "https://LOGIN.example"),
        ("\"origin\":", "\"source\":"),
        ("\"origin\":\"https://login.example\"", "\"origin\":[\"https://login.example\"]"),
        ("\"crossOrigin\":false", "\"crossOrigin\":true"),
        ("\"crossOrigin\":false", "\"crossOrigin\":\"false\""),
        ("\"crossOrigin\":false", "\"crossOrigin\":false,\"topOrigin\":\"https://evil.example\""),
        ("\"crossOrigin\":false}", "\"crossOrigin\":false"),
        ("\"crossOrigin\":false}", "\"crossOrigin\":false}{}"),
        ("{\"type\"", "[{\"type\""),
    ];

    /// <summary>What both ceremonies have.</summary>
    private static readonly (string What, Func<byte[], byte[]> Change)[] HeaderChanges =
    [
        ("the hash of another RP ID", data => WithHash(data, "evil.example")),
        ("the hash of a parent domain", data => WithHash(data, "example")),
        ("the hash of a subdomain", data => WithHash(data, "sub.login.example")),
        ("the hash of the origin", data => WithHash(data, RunningServer.Issuer)),
        ("the first bit of the hash", data => Flip(data, 0, 0x80)),
        ("the last bit of the hash", data => Flip(data, 31, 0x01)),
        ("nobody was present", data => Without(data, SoftwareAuthenticator.UserPresent)),
        ("nobody was verified", data => Without(data, SoftwareAuthenticator.UserVerified)),
        ("nobody was present or verified", data => Without(data, SoftwareAuthenticator.UserPresent | SoftwareAuthenticator.UserVerified)),
        ("backed up and not eligible", data => Without(data, SoftwareAuthenticator.BackupEligible)),
        ("extensions that are not there", data => Flip(data, Flags, 0x80)),
        ("nothing", _ => []),
        ("the hash alone", data => data[..32]),
        ("without a counter", data => data[..33]),
        ("without the end of the counter", data => data[..36]),
        ("one byte more", data => [.. data, 0]),
        ("a map of extensions without its flag", data => [.. data, 0xA0]),
    ];

    private static readonly (string What, Func<byte[], byte[]> Change)[] LoginChanges =
    [
        .. HeaderChanges,
        ("another backup eligibility", data => Without(data, SoftwareAuthenticator.BackupEligible | SoftwareAuthenticator.BackedUp)),
        ("a credential that is not there", data => Flip(data, Flags, SoftwareAuthenticator.HasCredential)),
        ("one byte less", data => data[..^1]),
        ("twice", data => [.. data, .. data]),
    ];

    private static readonly (string What, Func<byte[], byte[]> Change)[] EnrolmentChanges =
    [
        .. HeaderChanges,
        ("no credential", data => Without(data, SoftwareAuthenticator.HasCredential)),
        ("no credential, nor a flag of one", data => Without(data[..Credential], SoftwareAuthenticator.HasCredential)),
        ("only the AAGUID", data => data[..(Credential + 16)]),
        ("another id", data => Flip(data, Credential + 18, 1)),
        ("an id that is longer than the rest", data => Flip(data, Credential + 16, 0x03)),
        ("an id that is shorter than it says", data => Flip(data, Credential + 17, 0x01)),
        ("an id of no length", data => Flip(data, Credential + 17, 32)),
        ("a key that breaks off", data => data[..^1]),
        ("no key", data => data[..(Credential + 18 + 32)]),
    ];

    [Fact]
    public async Task A_new_passkey_with_wrong_client_data_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = new Browser(server);
        var page = await browser.AccountAsync("passkeys");
        var tried = 0;
        foreach (var (from, to) in ClientDataChanges.Where(change => !change.From.Contains("get", StringComparison.Ordinal)))
        {
            using var authenticator = new SoftwareAuthenticator { ClientData = json => Encoding.UTF8.GetBytes(Change(json, from, to)) };
            page = await ShouldNotAddAsync(browser, page, authenticator, to);
            tried++;
        }
        foreach (var change in OddBytes)
        {
            using var authenticator = new SoftwareAuthenticator { ClientData = change };
            page = await ShouldNotAddAsync(browser, page, authenticator, "odd bytes");
            tried++;
        }
        Assert.True(tried >= 20);
        Assert.Empty(page.Rows());
    }

    [Fact]
    public async Task A_new_passkey_with_wrong_authenticator_data_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = new Browser(server);
        var page = await browser.AccountAsync("passkeys");
        Assert.True(EnrolmentChanges.Length >= 20);
        foreach (var (what, change) in EnrolmentChanges)
        {
            using var authenticator = new SoftwareAuthenticator { AuthenticatorData = change };
            page = await ShouldNotAddAsync(browser, page, authenticator, what);
        }
        Assert.Empty(page.Rows());
    }

    [Fact]
    public async Task A_new_passkey_with_a_key_of_another_kind_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = new Browser(server);
        var page = await browser.AccountAsync("passkeys");
        var point = RandomNumberGenerator.GetBytes(32);
        (string What, Func<byte[], byte[]> Change)[] keys =
        [
            ("EdDSA", _ => Cbor.Map((Cbor.Integer(1), Cbor.Integer(1)), (Cbor.Integer(3), Cbor.Integer(-8)), (Cbor.Integer(-1), Cbor.Integer(6)), (Cbor.Integer(-2), Cbor.Bytes(point)))),
            ("ES384", _ => SoftwareAuthenticator.EcKey(-35, 2, new byte[48], new byte[48])),
            ("ES256 on the curve of ES384", _ => SoftwareAuthenticator.EcKey(-7, 2, new byte[48], new byte[48])),
            ("ES256K", _ => SoftwareAuthenticator.EcKey(-47, 8, point, point)),
            ("PS256", _ => Cbor.Map((Cbor.Integer(1), Cbor.Integer(3)), (Cbor.Integer(3), Cbor.Integer(-37)), (Cbor.Integer(-1), Cbor.Bytes(new byte[256])), (Cbor.Integer(-2), Cbor.Bytes([1, 0, 1])))),
            ("RS1", _ => Cbor.Map((Cbor.Integer(1), Cbor.Integer(3)), (Cbor.Integer(3), Cbor.Integer(-65535)), (Cbor.Integer(-1), Cbor.Bytes(new byte[256])), (Cbor.Integer(-2), Cbor.Bytes([1, 0, 1])))),
            ("ES256 with the type of RSA", _ => SoftwareAuthenticator.EcKey(-7, 1, point, point, type: 3)),
            ("a point that is not on the curve", _ => SoftwareAuthenticator.EcKey(-7, 1, point, point)),
            ("no map", _ => Cbor.Text("key")),
            ("an empty map", _ => Cbor.Map()),
        ];
        foreach (var (what, change) in keys)
        {
            using var authenticator = new SoftwareAuthenticator { PublicKey = change };
            page = await ShouldNotAddAsync(browser, page, authenticator, what);
        }
        Assert.Empty(page.Rows());
    }

    [Fact]
    public async Task A_login_with_wrong_client_data_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        var browser = new Browser(server);
        var page = await browser.LoginPageAsync();
        var tried = 0;
        foreach (var (from, to) in ClientDataChanges.Where(change => !change.From.Contains("create", StringComparison.Ordinal)))
        {
            authenticator.ClientData = json => Encoding.UTF8.GetBytes(Change(json, from, to));
            page = await ShouldNotSignInAsync(browser, page, authenticator, to);
            tried++;
        }
        foreach (var change in OddBytes)
        {
            authenticator.ClientData = change;
            page = await ShouldNotSignInAsync(browser, page, authenticator, "odd bytes");
            tried++;
        }
        Assert.True(tried >= 20);
        authenticator.ClientData = Encoding.UTF8.GetBytes;
        Assert.NotNull((await browser.SignInAsync(authenticator, page)).Location);
    }

    [Fact]
    public async Task A_login_with_wrong_authenticator_data_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        var browser = new Browser(server);
        var page = await browser.LoginPageAsync();
        Assert.True(LoginChanges.Length >= 20);
        foreach (var (what, change) in LoginChanges)
        {
            authenticator.AuthenticatorData = change;
            page = await ShouldNotSignInAsync(browser, page, authenticator, what);
        }
        authenticator.AuthenticatorData = data => data;
        Assert.NotNull((await browser.SignInAsync(authenticator, page)).Location);
    }

    [Theory]
    [InlineData(SoftwareAuthenticator.Es256)]
    [InlineData(SoftwareAuthenticator.Rs256)]
    public async Task Each_bit_that_changes_after_it_was_signed_is_noticed(string algorithm)
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator(algorithm);
        await new Browser(server).AddPasskeyAsync(authenticator);
        var browser = new Browser(server);
        var page = await browser.LoginPageAsync();
        foreach (var name in (string[])["passkey_authenticator_data", "passkey_client_data", "passkey_signature", "passkey_id"])
        {
            for (var i = 0; i < 10; i++)
            {
                var fields = page.WithPasskey(authenticator);
                var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(fields[name]);
                bytes[bytes.Length * i / 10] ^= 0x10;
                fields[name] = System.Buffers.Text.Base64Url.EncodeToString(bytes);
                page = await browser.PostLoginAsync(fields);
                page.ShouldBeRefused();
            }
        }
    }

    [Fact]
    public async Task Fields_that_are_missing_too_long_or_spelled_otherwise_are_refused()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        var browser = new Browser(server);
        var page = await browser.LoginPageAsync();
        string[] names = ["passkey_id", "passkey_client_data", "passkey_authenticator_data", "passkey_signature", "passkey_user_handle"];
        foreach (var name in names)
        {
            foreach (var value in (string?[])[null, "", "=", "A", "AA==", " AA", "A+/A", "ÄÄÄÄ", new string('A', 6000)])
            {
                var fields = page.WithPasskey(authenticator);
                fields.Remove(name);
                if (value is not null)
                    fields[name] = value;
                page = await browser.PostLoginAsync(fields);
                page.ShouldBeRefused();
            }
        }
        Assert.NotNull((await browser.SignInAsync(authenticator, page)).Location);
    }

    private static readonly Func<string, byte[]>[] OddBytes =
    [
        _ => "null"u8.ToArray(),
        json => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(json)],
        json => Encoding.Unicode.GetBytes(json),
        json => [.. Encoding.UTF8.GetBytes(json[..^1] + ",\"more\":\""), 0xC3, 0x28, .. "\"}"u8],
    ];

    private static async Task<Answer> ShouldNotAddAsync(Browser browser, Answer page, SoftwareAuthenticator authenticator, string what)
    {
        var answer = await browser.PostAsync($"{RunningServer.Issuer}/account/passkeys", page.NewPasskey(authenticator));
        Assert.True((int)answer.Status == 422 && answer.Problem() == "The passkey could not be added. Try once more.", what);
        return answer;
    }

    private static async Task<Answer> ShouldNotSignInAsync(Browser browser, Answer page, SoftwareAuthenticator authenticator, string what)
    {
        var answer = await browser.SignInAsync(authenticator, page);
        Assert.True((int)answer.Status == 422, what);
        answer.ShouldBeRefused();
        return answer;
    }

    private static string Change(string json, string from, string to)
    {
        Assert.Contains(from, json, StringComparison.Ordinal);
        return json.Replace(from, to, StringComparison.Ordinal);
    }

    private static byte[] WithHash(byte[] data, string relyingPartyId) => [.. SHA256.HashData(Encoding.UTF8.GetBytes(relyingPartyId)), .. data[32..]];

    private static byte[] Flip(byte[] data, int at, byte bits)
    {
        data[at] ^= bits;
        return data;
    }

    private static byte[] Without(byte[] data, byte flags)
    {
        data[Flags] &= (byte)~flags;
        return data;
    }
}
