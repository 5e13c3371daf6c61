using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Hosting;

/// <summary>
/// Maps the HTTP functions on Kestrel like the Functions host: routes from their attributes, a new instance for each request, parameters bound by
/// type or by route value, and the result executed.
/// </summary>
internal static class FunctionRoutes
{
    public static void MapFunctions(this IEndpointRouteBuilder app, Assembly functions)
    {
        foreach (var function in FunctionCatalog.Find<HttpTriggerAttribute>(functions))
        {
            var route = app.Map(function.Trigger.Route ?? function.Name, Handler(function));
            // Without a list, the host accepts every method.
            if (function.Trigger.Methods is { Length: > 0 } methods)
                route.WithMetadata(new HttpMethodMetadata(methods.Select(method => method.ToUpperInvariant())));
        }
    }

    private static RequestDelegate Handler(Function<HttpTriggerAttribute> function)
    {
        var create = Creator(function.Method.DeclaringType!);
        var binders = Array.ConvertAll(function.Method.GetParameters(), Binder);
        var invoke = MethodInvoker.Create(function.Method);
        return async http =>
        {
            var arguments = new object?[binders.Length];
            for (var i = 0; i < binders.Length; i++)
                arguments[i] = binders[i](http);
            var result = await (Task<IResult>)invoke.Invoke(create(http.RequestServices), arguments.AsSpan())!;
            await result.ExecuteAsync(http);
        };
    }

    /// <summary>Nothing is compiled for it, as ActivatorUtilities would for each function before the first request.</summary>
    private static Func<IServiceProvider, object> Creator(Type type)
    {
        var constructor = type.GetConstructors().Single();
        var needs = Array.ConvertAll(constructor.GetParameters(), parameter => parameter.ParameterType);
        var invoke = ConstructorInvoker.Create(constructor);
        return services => invoke.Invoke(Array.ConvertAll<Type, object?>(needs, services.GetRequiredService).AsSpan());
    }

    private static Func<HttpContext, object?> Binder(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(HttpRequest))
            return http => http.Request;
        if (parameter.ParameterType == typeof(CancellationToken))
            return http => http.RequestAborted;
        if (parameter.ParameterType == typeof(string))
            return http => http.GetRouteValue(parameter.Name!);
        throw new NotSupportedException($"LocalHost can't bind the parameter {parameter.Name} of {parameter.Member.DeclaringType}.");
    }
}
