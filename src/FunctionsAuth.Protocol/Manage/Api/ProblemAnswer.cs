using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>Problem details: RFC 9457 §3.</summary>
internal static class ProblemAnswer
{
    public static IResult Of(ApiProblem problem)
    {
        var body = ProblemDetails.Of(problem.Status, problem.Code, problem.Message);
        if (problem.Faults.Count > 0)
            body["errors"] = new JsonArray([.. problem.Faults.Select(fault => (JsonNode)new JsonObject { ["path"] = fault.Path, ["detail"] = fault.Detail })]);
        return ProblemDetails.Write(body, problem.Status);
    }
}
