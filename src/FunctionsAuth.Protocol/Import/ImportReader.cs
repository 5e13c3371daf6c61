using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Rules;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Import;

/// <summary>Reads the sections of a file as records, and reports problems.</summary>
internal sealed class ImportReader
{
    private const int MinSecretLength = 32;

    private readonly JsonElement root;
    private readonly ProblemList problems;
    private readonly FeatureSet features;
    private readonly JsonShape shape;
    private readonly Catalog catalog;

    public ImportReader(JsonElement root, Catalog existing, FeatureSet features, ProblemList problems)
    {
        this.root = root;
        this.problems = problems;
        this.features = features;
        shape = new JsonShape(RecordJson.Options, problems.Add);
        shape.Fits(root, "", typeof(ImportSections));
        catalog = CatalogWith(existing);
    }

    /// <summary>See <see cref="ImportFile.Parse"/>.</summary>
    public required Func<string, string, string?> KnownSecret { get; init; }

    public List<Scope> Scopes()
    {
        HashSet<string> names = [];
        return Read("scopes", [typeof(Scope)], (item, path) =>
        {
            var scope = Deserialize<Scope>(item);
            RefuseRepeat(names.Add(scope.Name), path, "name");
            Report(path, CatalogRules.ProblemsOf(scope));
            return scope;
        });
    }

    public List<Resource> Resources()
    {
        HashSet<string> identifiers = [];
        return Read("resources", [typeof(Resource)], (item, path) =>
        {
            var resource = Deserialize<Resource>(item);
            RefuseRepeat(identifiers.Add(ResourceName.Normalize(resource.Identifier)), path, "identifier");
            Report(path, CatalogRules.ProblemsOf(resource, catalog, features));
            return resource;
        });
    }

    public List<AuthorizationDetailsType> AuthorizationDetailsTypes()
    {
        HashSet<string> names = [];
        return Read("authorization_details_types", [typeof(AuthorizationDetailsType)], (item, path) =>
        {
            var type = Deserialize<AuthorizationDetailsType>(item);
            RefuseRepeat(names.Add(type.Type), path, "type");
            Report(path, CatalogRules.ProblemsOf(type, catalog));
            return type;
        });
    }

    public List<Group> Groups()
    {
        HashSet<string> names = [];
        return Read("groups", [typeof(Group)], (item, path) =>
        {
            var group = Deserialize<Group>(item);
            RefuseRepeat(names.Add(group.Name), path, "name");
            Report(path, Group.IsName(group.Name) ? [] : [("name", Group.NameProblem)]);
            return group;
        });
    }

    public List<Client> Clients()
    {
        HashSet<string> ids = [];
        return Read("clients", [typeof(Client), typeof(ClientSecretMembers)], (item, path) =>
        {
            var members = Deserialize<ClientSecretMembers>(item);
            var client = Deserialize<Client>(item);
            client = client with { ClientSecrets = ReadSecrets(members, path, client.ClientId, keepText: features.KeptSecretOf(client.TokenEndpointAuthMethod) == KeptSecret.Text) };
            RefuseRepeat(ids.Add(client.ClientId), path, "client_id");
            Report(path, ClientRules.ProblemsOf(client, catalog, features).Select(problem => (AsWritten(problem.Member, members), problem.Problem)));
            return client;
        });
    }

    public List<ImportedUser> Users()
    {
        HashSet<string> names = [];
        HashSet<string> subjects = [];
        return Read("users", [typeof(ImportedUser)], (item, path) =>
        {
            var user = Deserialize<ImportedUser>(item);
            Report(path, UserRules.ProblemsOf(user));
            if (item.TryGetProperty("claims", out var claims))
                Report($"{path}.claims", ClaimRules.ProblemsOf(claims));
            RefuseRepeat(names.Add(LoginName.Normalize(user.Username)), path, "username");
            RefuseRepeat(user.Subject is null || subjects.Add(user.Subject), path, "subject");
            var email = VerifiedEmail(claims);
            RefuseRepeat(email is null || email == LoginName.Normalize(user.Username) || names.Add(email), path, "claims.email");
            return user;
        });
    }

    /// <summary>The names that clients can refer to, including those that a faulty part of the file declares, so that one problem is reported once.</summary>
    private Catalog CatalogWith(Catalog existing)
    {
        var scopes = Declared("scopes", "name").Select(declared => new Scope { Name = declared.Id, Claims = Texts(declared.Item, "claims") })
            .Concat(existing.Scopes)
            .Where(scope => !StandardScopes.Contains(scope.Name));
        var resources = existing.Resources.Concat(Declared("resources", "identifier").Select(declared => new Resource { Identifier = declared.Id }));
        var types = existing.DetailsTypes.Concat(Declared("authorization_details_types", "type").Select(declared => new AuthorizationDetailsType { Type = declared.Id, Title = declared.Id }));
        return new Catalog(scopes.DistinctBy(scope => scope.Name), resources.DistinctBy(resource => resource.Identifier), types.DistinctBy(type => type.Type));
    }

    private List<(string Id, JsonElement Item)> Declared(string section, string id) =>
    [
        .. from item in Items(section)
           where item.ValueKind == JsonValueKind.Object
           let name = item.TryGetProperty(id, out var value) ? value : default
           where name.ValueKind == JsonValueKind.String
           select (name.GetString()!, item),
    ];

    private static List<string> Texts(JsonElement item, string member) => item.TryGetProperty(member, out var values) && values.ValueKind == JsonValueKind.Array
        ? [.. values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)]
        : [];

    private IEnumerable<JsonElement> Items(string section) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(section, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : [];

    /// <summary>Reads the items with a valid form. Other items have been reported.</summary>
    private List<T> Read<T>(string section, Type[] types, Func<JsonElement, string, T> read) =>
    [
        .. from entry in Items(section).Index()
           let path = $"{section}[{entry.Index}]"
           let item = LocalTexts.Gather(entry.Item, "lines")
           where shape.Fits(item, path, types) && FitsIntoARow(item, path)
           select read(item, path),
    ];

    /// <summary>A record is stored in one property of a row, which has room for 32,767 characters.</summary>
    private bool FitsIntoARow(JsonElement item, string path)
    {
        const int most = 30_000;
        var fits = JsonSerializer.Serialize(item, RecordJson.Options).Length <= most;
        if (!fits)
            problems.Add(path, $"is too large: at most {most} characters of JSON can be stored");
        return fits;
    }

    private List<ClientSecret> ReadSecrets(ClientSecretMembers members, string path, string clientId, bool keepText)
    {
        if (members.ClientSecret is not null && members.ClientSecrets is not null)
            problems.Add($"{path}.client_secrets", "can't be used together with client_secret");
        if (members.ClientSecret is not null)
            ReportSecret($"{path}.client_secret", members.ClientSecret);
        foreach (var (index, secret) in (members.ClientSecrets ?? []).Index())
        {
            var place = $"{path}.client_secrets[{index}]";
            if ((secret.ClientSecret is null) == (secret.Sha256 is null))
                problems.Add(place, "must have either client_secret or sha256");
            if (secret.ClientSecret is not null)
                ReportSecret($"{place}.client_secret", secret.ClientSecret);
            if (secret.Sha256 is not null && !StrictBase64Url.TryDecode(secret.Sha256, Handle.SecretLength, out _))
                problems.Add($"{place}.sha256", "must be the base64url of a SHA-256: 43 characters without padding");
        }
        return
        [
            .. from secret in members.All()
               select new ClientSecret(secret.Sha256 ?? HashOf(secret.ClientSecret ?? ""), secret.ExpiresAt?.ToUniversalTime(), keepText ? secret.ClientSecret ?? (secret.Sha256 is { } hash ? KnownSecret(clientId, hash) : null) : null),
        ];
    }

    private void ReportSecret(string path, string secret)
    {
        // RFC 6749 appendix A.2. With this length a fast hash is enough.
        if (secret.Length < MinSecretLength || secret.Any(c => c is < ' ' or > '~'))
            problems.Add(path, $"must have at least {MinSecretLength} characters, all of them ASCII");
    }

    private static string HashOf(string secret) => Base64Url.EncodeToString(SecretHash.Of(Encoding.UTF8.GetBytes(secret)));

    /// <summary>The rules use one name for a client's secrets, but the file has two.</summary>
    private static string AsWritten(string member, ClientSecretMembers members) =>
        member == ClientSecretMembers.One && members.ClientSecrets is not null ? ClientSecretMembers.Several : member;

    /// <summary>It is a login name, so no two users can have it.</summary>
    private static string? VerifiedEmail(JsonElement claims) =>
        claims.ValueKind == JsonValueKind.Object
        && claims.TryGetProperty("email_verified", out var verified) && verified.ValueKind == JsonValueKind.True
        && claims.TryGetProperty("email", out var email) && email.ValueKind == JsonValueKind.String
            ? LoginName.Normalize(email.GetString()!)
            : null;

    private void RefuseRepeat(bool isNew, string path, string member)
    {
        if (!isNew)
            problems.Add($"{path}.{member}", "occurs twice");
    }

    private void Report(string path, IEnumerable<(string Member, string Problem)> found)
    {
        foreach (var (member, problem) in found)
            problems.Add(JsonLines.Member(path, member), problem);
    }

    private static T Deserialize<T>(JsonElement item) => item.Deserialize<T>(RecordJson.Options)!;
}
