using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Fapi;

namespace FunctionsAuth.Conformance.Running;

/// <summary>The files that a server under test is started with.</summary>
internal static class ServerFiles
{
    public const string Password = "Correct-Horse-7-Battery";

    private static readonly string Folder = Directory.CreateTempSubdirectory("conformance-").FullName;
    private static readonly Lazy<(string, string)> TheCertificate = new(WriteCertificate);

    public static (string Certificate, string Key) Certificate() => TheCertificate.Value;

    /// <summary>The certificate of the authority that clients' certificates are from.</summary>
    public static string Authority()
    {
        var file = Path.Combine(Folder, "authority.crt");
        File.WriteAllText(file, FapiKey.AuthorityPem());
        return file;
    }

    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, Path.GetRandomFileName())).FullName;

    /// <summary>When no server uses them any more.</summary>
    public static void Delete()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A user with every standard claim for each plan, and the clients of all plans that register none, for that kind of server.</summary>
    public static async Task<string> ImportAsync(ServerKind kind)
    {
        var file = Path.Combine(Folder, Path.GetRandomFileName());
        var plans = Assembly.GetExecutingAssembly().GetTypes().Where(type => type.GetCustomAttribute<PlanAttribute>()?.Server == kind).ToList();
        var json = new JsonObject
        {
            ["clients"] = new JsonArray([.. plans.Where(type => !PlanAttribute.Of(type).DynamicClient).SelectMany(ClientsOf)]),
            ["scopes"] = new JsonArray(new JsonObject { ["name"] = "accounts" }),
            ["authorization_details_types"] = new JsonArray(JsonNode.Parse("""
                {
                  "type": "account_information",
                  "title": "Your accounts",
                  "schema": { "properties": { "accounts": { "type": "array", "items": { "type": "string", "maxLength": 40 }, "maxItems": 5 } }, "required": ["accounts"] },
                  "lines": [{ "text": "Accounts: {accounts}" }]
                }
                """)),
            ["users"] = new JsonArray([.. plans.Select(User)]),
        };
        await File.WriteAllTextAsync(file, json.ToJsonString());
        return file;
    }

    private static IEnumerable<JsonNode> ClientsOf(Type plan) =>
        plan.GetCustomAttribute<FapiPlanAttribute>() is null ? new StaticClients(plan).ToImport() : FapiClients.ToImport(plan);

    private static JsonObject User(Type plan) => new()
    {
        ["username"] = Inbox.AliasOf(plan),
        ["password"] = Password,
        ["claims"] = Claims($"{Inbox.AliasOf(plan)}@suite.example"),
    };

    private static JsonObject Claims(string email) => new()
    {
        ["name"] = "Buffy Anne Summers",
        ["given_name"] = "Buffy",
        ["family_name"] = "Summers",
        ["middle_name"] = "Anne",
        ["nickname"] = "Slayer",
        ["preferred_username"] = "buffy",
        ["profile"] = "https://suite.example/buffy",
        ["picture"] = "https://suite.example/buffy.png",
        ["website"] = "https://buffy.example/",
        ["gender"] = "female",
        ["birthdate"] = "1981-01-19",
        ["zoneinfo"] = "America/Los_Angeles",
        ["locale"] = "en-US",
        ["updated_at"] = 1767225600,
        ["email"] = email,
        ["email_verified"] = true,
        ["phone_number"] = "+1 555 0100",
        ["phone_number_verified"] = true,
        ["address"] = new JsonObject { ["street_address"] = "1630 Revello Drive", ["locality"] = "Sunnydale", ["region"] = "CA", ["postal_code"] = "93001", ["country"] = "US" },
    };

    private static (string Certificate, string Key) WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1));
        var files = (Path.Combine(Folder, "server.crt"), Path.Combine(Folder, "server.key"));
        File.WriteAllText(files.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(files.Item2, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
