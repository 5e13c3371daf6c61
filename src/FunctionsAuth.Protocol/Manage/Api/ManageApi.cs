using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>All operations, for HTTP and for the server's own pages. Both use this class to find and run operations, so both follow the same rules.</summary>
public sealed class ManageApi(IEnumerable<ManageResource> resources)
{
    private readonly ILookup<int, Operation> byLength = resources.SelectMany(resource => resource.Operations).ToLookup(operation => operation.Segments.Length);

    public IReadOnlyList<ManageResource> Resources { get; } = [.. resources];

    public IEnumerable<Operation> Operations => byLength.SelectMany(operations => operations);

    /// <summary>The operations at a path, each with the values of its parameters.</summary>
    /// <param name="path">The path below the address of the API, without a slash at its beginning and end.</param>
    public IReadOnlyList<(Operation Operation, IReadOnlyDictionary<string, string> Route)> At(string path)
    {
        var segments = path.Split('/');
        List<(Operation Operation, IReadOnlyDictionary<string, string> Route)> found = [];
        foreach (var operation in byLength[segments.Length])
        {
            if (RouteOf(operation, segments) is { } route)
                found.Add((operation, route));
        }
        // A fixed name comes before a parameter.
        var fewest = found.Count == 0 ? 0 : found.Min(one => one.Route.Count);
        return [.. found.Where(one => one.Route.Count == fewest)];
    }

    /// <summary>Runs an operation for a caller. The events that it writes name the caller.</summary>
    /// <exception cref="ApiProblem">It was refused.</exception>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage or the vault did not answer.</exception>
    public static async Task<ApiAnswer> RunAsync(ApiCall call, CancellationToken cancellation)
    {
        call.Caller.Demand(call.Operation.Scope, "You may not do that");
        using var acting = ActingAs.Begin(call.Caller.IsPerson ? call.Caller.Id : $"client {call.Caller.Id}");
        try
        {
            return await call.Operation.Run(call, cancellation);
        }
        catch (LastAdministratorException e)
        {
            throw ApiProblem.Conflict("last_administrator", e.Description);
        }
    }

    private static Dictionary<string, string>? RouteOf(Operation operation, string[] segments)
    {
        Dictionary<string, string> route = [];
        for (var i = 0; i < segments.Length; i++)
        {
            var expected = operation.Segments[i];
            if (expected.StartsWith('{'))
                route[expected[1..^1]] = segments[i];
            else if (expected != segments[i])
                return null;
        }
        return route;
    }
}
