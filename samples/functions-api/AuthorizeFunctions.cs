using System.Reflection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace OrdersApi;

// <functions-middleware>
/// <summary>
/// Functions run no ASP.NET Core middleware, so nothing looks at [Authorize] there. This does: it authenticates the request, evaluates the
/// policies of the function, and lets the same handler as in ASP.NET Core answer with 401 or 403.
/// </summary>
internal sealed class AuthorizeFunctions(IAuthorizationPolicyProvider policies, IPolicyEvaluator evaluator, IAuthorizationMiddlewareResultHandler answers) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var method = MethodOf(context.FunctionDefinition);
        var http = context.GetHttpContext();
        if (http is null || method.IsDefined(typeof(AllowAnonymousAttribute)))
        {
            await next(context); // a timer or queue has no token, and a public function needs none
            return;
        }
        // A function without [Authorize] is closed, too: it needs a valid token.
        var policy = await AuthorizationPolicy.CombineAsync(policies, method.GetCustomAttributes<AuthorizeAttribute>()) ?? await policies.GetDefaultPolicyAsync();
        var authentication = await http.AuthenticateAsync();
        http.User = authentication.Principal ?? http.User;
        var result = await evaluator.AuthorizeAsync(policy, authentication, http, resource: null);
        await answers.HandleAsync(_ => next(context), http, policy, result);
    }

    private static MethodInfo MethodOf(FunctionDefinition function)
    {
        var dot = function.EntryPoint.LastIndexOf('.');
        return Type.GetType(function.EntryPoint[..dot])!.GetMethod(function.EntryPoint[(dot + 1)..])!;
    }
}
// </functions-middleware>
