using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Records;

/// <summary>Reads one record in the form of an import file, so that the API and the file have the same schema and the same rules.</summary>
public sealed class RecordReader(IScopeStore scopes, FeatureSet features, Importer importer)
{
    /// <param name="section">Of an import file, such as <c>clients</c>.</param>
    /// <param name="key">The member with the name of the record.</param>
    /// <param name="name">The name in the address.</param>
    /// <param name="stored">The stored client. The body can name its secrets by their hashes.</param>
    /// <returns>A file with only this record, which has been checked.</returns>
    /// <exception cref="ApiProblem">Status 400, with all problems.</exception>
    public async Task<ImportFile> ReadAsync(string section, string key, string name, JsonObject body, CancellationToken cancellation, Client? stored = null)
    {
        body.TryAdd(key, name);
        if (body[key] is not JsonValue written || written.ToString() != name)
            throw ApiProblem.Invalid("The record is not valid", new ApiFault(key, "is not the one in the URL"));
        try
        {
            var file = ImportFile.Parse(new JsonObject { [section] = new JsonArray(body.DeepClone()) }.ToJsonString(), await scopes.LoadAsync(cancellation), features, (_, hash) => stored?.ClientSecrets.FirstOrDefault(secret => secret.Sha256 == hash)?.Text);
            await importer.CheckAsync(file, cancellation);
            return file;
        }
        catch (ImportException e)
        {
            throw ApiProblem.Invalid("The record is not valid", e.Problems.Select(problem => new ApiFault(PathIn(section, problem.Path), problem.Problem)));
        }
    }

    /// <summary>Without the place of the record in its section.</summary>
    private static string PathIn(string section, string path)
    {
        var prefix = $"{section}[0]";
        return path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..].TrimStart('.') : path;
    }
}
