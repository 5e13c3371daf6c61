using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Import;

/// <summary>Clients, scopes, resources, groups and users that an operator defined: see docs/import.md. The content has been checked.</summary>
public sealed class ImportFile
{
    internal ImportFile(JsonLines lines) => Lines = lines;

    public required IReadOnlyList<Client> Clients { get; init; }

    public required IReadOnlyList<Scope> Scopes { get; init; }

    public required IReadOnlyList<Resource> Resources { get; init; }

    public required IReadOnlyList<AuthorizationDetailsType> AuthorizationDetailsTypes { get; init; }

    public required IReadOnlyList<Group> Groups { get; init; }

    /// <summary>Users with passwords in plain text: do not keep them longer than the import takes.</summary>
    public required IReadOnlyList<ImportedUser> Users { get; init; }

    /// <summary>The line numbers, for problems that only the stores can find.</summary>
    internal JsonLines Lines { get; }

    /// <param name="json">The text of the file: JSON, with optional comments and trailing commas.</param>
    /// <param name="existing">The existing data of the server: clients can refer to its scopes and resources.</param>
    /// <param name="features">The features for which clients can be registered.</param>
    /// <param name="knownSecret">The text of a client secret, by the client's id and the hash in the file; null if unknown.</param>
    /// <exception cref="ImportException">The file has problems. The exception lists all of them.</exception>
    public static ImportFile Parse(string json, Catalog existing, FeatureSet features, Func<string, string, string?>? knownSecret = null)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        var lines = ReadLines(utf8);
        var problems = new ProblemList(lines);
        var leniently = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        using var document = JsonDocument.Parse(utf8, leniently);
        var reader = new ImportReader(document.RootElement, existing, features, problems) { KnownSecret = knownSecret ?? ((_, _) => null) };
        var file = new ImportFile(lines)
        {
            Scopes = reader.Scopes(),
            Resources = reader.Resources(),
            AuthorizationDetailsTypes = reader.AuthorizationDetailsTypes(),
            Groups = reader.Groups(),
            Clients = reader.Clients(),
            Users = reader.Users(),
        };
        problems.ThrowIfAny();
        return file;
    }

    private static JsonLines ReadLines(byte[] utf8)
    {
        try
        {
            return JsonLines.Read(utf8);
        }
        catch (JsonTextException e)
        {
            throw new ImportException([new ImportProblem(e.Line, "", $"is not valid JSON: {e.Reason}")]);
        }
    }
}
