using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Records;

/// <summary>Reads one record as an import file would have it, so that the API and the file have one schema and one set of rules.</summary>
public sealed class RecordReader(IScopeStore scopes, FeatureSet features, Importer importer)
{
    /// <param name="section">Of an import file, such as <c>clients</c>.</param>
    /// <param name="key">The member that names the record.</param>
    /// <param name="name">What the address says of it.</param>
    /// <param name="stored">The client as it is, whose secrets the body may name by their hashes.</param>
    /// <returns>A file that has this one record, which has been checked.</returns>
    /// <exception cref="ApiProblem">Status 400, with everything that is wrong.</exception>
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
